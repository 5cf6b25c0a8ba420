#include "terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <iostream>
#include <system_error>

#include "octet/error.hpp"
#include "octet/runtime.hpp"
#include "stage.hpp"
#include "streams.hpp"

namespace octet::cli {
namespace {

void to_stderr(const std::string& text) {
  say(text.data(), text.size());
}

// Columns a text takes on the screen: UTF-8 continuation bytes take none.
std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

std::string padded(std::string_view text, std::size_t columns, bool left) {
  const std::string space(columns - std::min(columns, width(text)), ' ');
  return left ? std::string(text) + space : space + std::string(text);
}

constexpr std::size_t least_column = 8;

// Takes from the widest columns until a line fits.
void squeeze(std::vector<std::size_t>& widths, std::size_t columns) {
  if (widths.empty()) return;
  constexpr std::size_t margin = 2;
  constexpr std::size_t gap = 3;
  std::size_t total = margin + gap * (widths.size() - 1);
  for (const std::size_t width : widths) total += width;
  while (total > columns) {
    const auto widest = std::max_element(widths.begin(), widths.end());
    if (*widest <= least_column) return;
    --*widest;
    --total;
  }
}

// At most `columns` wide, with an ellipsis where something is missing.
std::string cut(const std::string& text, std::size_t columns) {
  if (width(text) <= columns) return text;
  std::size_t end = 0;
  for (std::size_t seen = 0; end < text.size(); ++end) {
    const bool begins = (static_cast<unsigned char>(text[end]) & 0xC0U) != 0x80U;
    if (begins && ++seen == columns) break;
  }
  return text.substr(0, end) + "…";
}

bool quiet = false;

}  // namespace

std::string toned(const Environment& environment, Tone tone, std::string_view text) {
  if (!environment.colour || tone == Tone::plain) return std::string(text);
  const char* const code = tone == Tone::good    ? "32"
                           : tone == Tone::bad   ? "31"
                           : tone == Tone::quiet ? "2"
                                                 : "1";
  return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

void Table::row(std::vector<std::string> cells) {
  for (std::string& cell : cells) cell = one_line(cell);
  rows_.push_back(std::move(cells));
}

std::string Table::text(const Environment& environment) const {
  std::vector<std::size_t> widths;
  for (const std::string& cell : header_) widths.push_back(width(cell));
  for (const auto& row : rows_) {
    for (std::size_t c = 0; c < row.size() && c < widths.size(); ++c)
      widths[c] = std::max(widths[c], width(row[c]));
  }
  if (environment.columns > 0 && !environment.whole) squeeze(widths, environment.columns);
  const auto line = [&](const std::vector<std::string>& cells) {
    std::string out;
    for (std::size_t c = 0; c < cells.size() && c < widths.size(); ++c) {
      const bool left = std::find(left_.begin(), left_.end(), c) != left_.end();
      out += (c == 0 ? "  " : "   ") + padded(cut(cells[c], widths[c]), widths[c], left);
    }
    out.erase(out.find_last_not_of(' ') + 1);
    return out;
  };
  std::string out;
  if (!header_.empty()) out += toned(environment, Tone::quiet, line(header_)) + "\n";
  for (const auto& row : rows_) out += line(row) + "\n";
  return out;
}

ProgressLine::~ProgressLine() {
  if (drawn_) to_stderr("\r\x1b[K");
}

ProgressCallback ProgressLine::callback() {
  return [this](const Progress& progress) {
    follow(progress);
    if (live_) draw(progress);
    return !stop_requested();
  };
}

// Tells the supervisor of a new stage. ONNX Runtime is loaded by then, or will be at once.
void ProgressLine::follow(const Progress& progress) {
  if (progress.stage == stage_) return;
  stage_ = progress.stage;
  stage_start_ = Clock::now();
  const bool runs_model = stage_ != "quantize";
  Stage news = stage(fmt::format("{}: {}", environment_.models, stage_));
  if (runs_model) {
    const double limit = environment_.limits.timeout_seconds;
    news.runs_model = true;
    news.limit_seconds = limit > 0 ? limit + more_seconds_ : 0;
    tell(news);
    octet::RuntimeOptions runtime;
    runtime.library = environment_.named_ort;
    runtime.environment_library = environment_.ort;
    runtime.fallbacks = environment_.ort_fallbacks;
    const std::string version = octet::runtime_info(runtime).version;
    version.copy(news.runtime, sizeof news.runtime - 1);
  }
  tell(news);
}

void ProgressLine::draw(const Progress& progress) {
  using namespace std::chrono_literals;
  const auto now = Clock::now();
  if (now - start_ < 1s || (drawn_ && now - last_ < 100ms)) return;
  last_ = now;
  drawn_ = true;
  const std::chrono::duration<double> spent = now - stage_start_;
  to_stderr("\r\x1b[K" + progress_text(progress, spent.count()));
}

void be_quiet() {
  quiet = true;
}

void print(std::string_view text) {
  if (quiet) return;
  std::fwrite(text.data(), 1, text.size(), stdout);
}

void flush_output() {
  errno = 0;
  std::cout.flush();  // CLI11 writes help there
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0 && std::cout) return;
  const int error = errno;
  if (error == EPIPE) throw NobodyReads();
  throw Error(ErrorCode::io,
              fmt::format("standard output: cannot write all of it: {}; files that the command "
                          "writes were written",
                          std::generic_category().message(error == 0 ? EIO : error)));
}

void warn(const std::vector<std::string>& warnings) {
  if (quiet) return;
  for (const std::string& warning : warnings)
    to_stderr(fmt::format("warning: {}\n", one_line(warning)));
}

void complain(std::string_view message) {
  to_stderr(fmt::format("octet: {}\n", one_line(message)));
}

}  // namespace octet::cli
