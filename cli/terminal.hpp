// The one place that draws: tables, colour, progress.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "environment.hpp"
#include "figures.hpp"
#include "octet/progress.hpp"
#include "streams.hpp"

namespace octet::cli {

enum class Tone { plain, good, bad, quiet, title };

// Wraps text in the tone's colour when `environment` has colour.
[[nodiscard]] std::string toned(const Environment& environment, Tone tone, std::string_view text);

// Columns of text: the first is left-aligned, the others right-aligned unless named otherwise; as
// wide as needed. On a terminal that is narrower, the widest columns lose the ends of their cells.
class Table {
 public:
  explicit Table(std::vector<std::string> header) : header_(std::move(header)) {}
  void left(std::size_t column) { left_.push_back(column); }
  void row(std::vector<std::string> cells);  // control characters in cells are written as \xNN
  [[nodiscard]] bool empty() const { return rows_.empty(); }
  [[nodiscard]] std::string text(const Environment& environment) const;

 private:
  std::vector<std::string> header_;
  std::vector<std::vector<std::string>> rows_;
  std::vector<std::size_t> left_ = {0};
};

// A line on standard error that is redrawn, from the second second on, on a terminal only; gone
// when destroyed. Also the way a signal stops a call, and the way the supervisor learns the stage.
class ProgressLine {
 public:
  // `more_seconds`: what a stage takes because it is asked to, on top of the limit of time.
  explicit ProgressLine(const Environment& environment, double more_seconds = 0)
      : environment_(environment), more_seconds_(more_seconds), live_(environment.live) {}
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  [[nodiscard]] ProgressCallback callback();

 private:
  void follow(const Progress& progress);
  void draw(const Progress& progress);

  using Clock = std::chrono::steady_clock;
  const Environment& environment_;
  double more_seconds_;
  std::string stage_;
  bool live_;
  bool drawn_ = false;
  Clock::time_point start_ = Clock::now();
  Clock::time_point last_ = start_;
  Clock::time_point stage_start_ = start_;
};

void print(std::string_view text);  // to standard output
// From now on print() and warn() say nothing: --quiet. Errors are still said.
void be_quiet();
// Throws Error{io} or NobodyReads when standard output did not take all that was printed.
void flush_output();
void warn(const std::vector<std::string>& warnings);  // "warning: …" lines to standard error
void complain(std::string_view message);              // "octet: …" to standard error

}  // namespace octet::cli
