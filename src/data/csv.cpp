#include "data/csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <iterator>
#include <utility>

#include "octet/error.hpp"

namespace octet::data {
namespace {

[[noreturn]] void refuse(const std::string& label, std::size_t line, std::size_t column,
                         const std::string& fact) {
  throw Error(ErrorCode::invalid_data,
              fmt::format("{}: line {}, column {}: {}", label, line, column, fact));
}

// Outside quotes, on the first line.
char find_separator(std::string_view text) {
  bool quoted = false;
  bool semicolon = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '\n') break;
    if (c == '\t') return '\t';
    semicolon = semicolon || c == ';';
  }
  return semicolon ? ';' : ',';
}

class Lines {
 public:
  Lines(std::string_view text, const std::string& label, char separator, std::size_t next_line)
      : rest_(text), label_(label), separator_(separator), next_line_(next_line) {}

  [[nodiscard]] std::size_t line() const { return line_; }
  [[nodiscard]] std::size_t next_line() const { return next_line_; }
  [[nodiscard]] std::size_t bytes_left() const { return rest_.size(); }

  // The cells of the next line that is not empty; false at the end. line() is then where it began.
  bool next(std::vector<std::string>& cells) {
    while (!rest_.empty()) {
      line_ = next_line_;
      cells.clear();
      bool more = true;
      while (more) more = read_cell(cells);
      ++next_line_;
      if (cells.size() > 1 || !cells.front().empty()) return true;
    }
    return false;
  }

 private:
  // False when the cell was the last of its line.
  bool read_cell(std::vector<std::string>& cells) {
    std::string cell;
    if (rest_.starts_with('"')) {
      read_quoted(cell, cells.size() + 1);
    }
    const std::size_t end = rest_.find_first_of(separator_ == '\t'  ? "\t\n"
                                                : separator_ == ';' ? ";\n"
                                                                    : ",\n");
    const std::size_t length = end == std::string_view::npos ? rest_.size() : end;
    const bool last = end == std::string_view::npos || rest_[end] == '\n';
    std::string_view plain = rest_.substr(0, length);
    if (last && plain.ends_with('\r')) plain.remove_suffix(1);
    cell += plain;
    cells.push_back(std::move(cell));
    rest_.remove_prefix(end == std::string_view::npos ? length : length + 1);
    return !last;
  }

  // "" inside quotes is one quote; a quoted cell may hold line breaks.
  void read_quoted(std::string& cell, std::size_t column) {
    rest_.remove_prefix(1);
    while (true) {
      const std::size_t quote = rest_.find('"');
      if (quote == std::string_view::npos) refuse(label_, line_, column, "a quote is not closed");
      const std::string_view part = rest_.substr(0, quote);
      for (const char c : part) next_line_ += c == '\n' ? 1U : 0U;
      cell += part;
      rest_.remove_prefix(quote + 1);
      if (!rest_.starts_with('"')) return;
      cell += '"';
      rest_.remove_prefix(1);
    }
  }

  std::string_view rest_;
  const std::string& label_;
  char separator_;
  std::size_t line_ = 0;
  std::size_t next_line_;
};

// Names, or the column numbers 0, 1, 2, … that pandas writes for a table without names.
bool is_header(const std::vector<std::string>& cells) {
  constexpr std::size_t fewest_numbers = 4;  // fewer could be a row of data
  bool counts = cells.size() >= fewest_numbers;
  for (std::size_t i = 0; i < cells.size() && counts; ++i) counts = cells[i] == std::to_string(i);
  if (counts) return true;
  for (const std::string& cell : cells) {
    if (!cell.empty() && !parse_number(cell)) return true;
  }
  return false;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// Often enough that going back to a row reads little, seldom enough that the marks take no room.
constexpr std::size_t rows_per_mark = 256;

}  // namespace

std::optional<double> parse_number(std::string_view text) {
  text = trimmed(text);
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

Table::Table(std::string_view text, std::string label, Done done)
    : text_(text),
      label_(std::move(label)),
      done_(std::move(done)),
      separator_(find_separator(text)) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (text_.starts_with(byte_order_mark)) text_.remove_prefix(byte_order_mark.size());
  Lines lines(text_, label_, separator_, 1);
  std::vector<std::string> cells;
  Mark before{0, 1};
  for (; lines.next(cells); before = {text_.size() - lines.bytes_left(), lines.next_line()}) {
    if (columns_ == 0) {
      columns_ = cells.size();
      if (is_header(cells)) {
        for (const std::string& cell : cells) header_.emplace_back(trimmed(cell));
        continue;
      }
    }
    if (cells.size() != columns_) {
      refuse(
          label_, lines.line(), std::min(cells.size(), columns_) + 1,
          fmt::format("expected {} cells as in the first line, found {}", columns_, cells.size()));
    }
    if (rows_++ % rows_per_mark != 0) continue;
    let_go(marks_.empty() ? 0 : marks_.back().offset, before.offset);
    marks_.push_back(before);
  }
  if (rows_ == 0) {
    throw Error(ErrorCode::invalid_data, fmt::format("{}: there are no rows in it", label_));
  }
}

void Table::let_go(std::size_t begin, std::size_t end) const {
  constexpr std::size_t enough = std::size_t{4} << 20U;
  read_ += end - begin;
  if (read_ < enough || done_ == nullptr) return;
  done_(text_.substr(0, end));
  read_ = 0;
}

void Table::fetch(std::size_t first, std::size_t count) const {
  if (first >= block_.first && first + count <= block_.first + block_.lines.size()) return;
  const std::size_t mark = first / rows_per_mark;
  block_ = {mark * rows_per_mark, {}, {}};
  const std::size_t after_last = (first + count + rows_per_mark - 1) / rows_per_mark;
  const std::size_t until = std::min(rows_, after_last * rows_per_mark);
  Lines lines(text_.substr(marks_[mark].offset), label_, separator_, marks_[mark].line);
  std::vector<std::string> cells;
  while (block_.first + block_.lines.size() < until && lines.next(cells)) {
    // The text may be a file that somebody writes to; what was counted must hold.
    if (cells.size() != columns_) break;
    std::ranges::move(cells, std::back_inserter(block_.cells));
    block_.lines.push_back(lines.line());
  }
  let_go(marks_[mark].offset, text_.size() - lines.bytes_left());
  if (block_.first + block_.lines.size() < until) {
    throw Error(ErrorCode::io, fmt::format("{}: it changed while it was read", label_));
  }
}

double Table::number(std::size_t row, std::size_t column) const {
  const std::string& cell = block_.cells[(row - block_.first) * columns_ + column];
  const auto number = parse_number(cell);
  if (number) return *number;
  refuse(label_, block_.lines[row - block_.first], column + 1,
         trimmed(cell).empty()
             ? std::string("the cell is empty; write nan for a missing number")
             : fmt::format("\"{}\" is not a number", std::string_view(cell).substr(0, 40)));
}

base::Tensor Table::read(std::size_t first, std::size_t count, std::span<const std::size_t> chosen,
                         bool as_strings) const {
  base::Tensor out;
  out.type = as_strings ? base::ElementType::string : base::ElementType::float64;
  out.dims = {static_cast<std::int64_t>(count), static_cast<std::int64_t>(chosen.size())};
  if (!as_strings) out.bytes.resize(count * chosen.size() * sizeof(double));
  const std::lock_guard lock(mutex_);
  fetch(first, count);
  std::size_t at = 0;
  for (std::size_t row = first; row < first + count; ++row) {
    for (const std::size_t column : chosen) {
      if (as_strings) {
        out.strings.push_back(block_.cells[(row - block_.first) * columns_ + column]);
      } else {
        const double value = number(row, column);
        std::memcpy(out.bytes.data() + at++ * sizeof(double), &value, sizeof(double));
      }
    }
  }
  constexpr std::size_t most_cells_kept = std::size_t{1} << 20U;
  if (block_.cells.size() > most_cells_kept) block_ = {};
  return out;
}

}  // namespace octet::data
