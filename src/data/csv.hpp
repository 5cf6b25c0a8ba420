// Tables of text cells from .csv files.
#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/tensor.hpp"

namespace octet::data {

// Fields are separated by tabs, semicolons or commas, whichever of these, in this order, the first
// line has; they may be "quoted". Lines end with LF or CRLF; empty lines are skipped. A first line
// with a cell that is no number is a header.
//
// The cells stay in the text and are read again whenever rows are asked for, so that memory follows
// the rows that are read at a time, not the rows that there are.
class Table {
 public:
  // Called with what was just read, every few megabytes.
  using Done = std::function<void(std::string_view)>;

  // Reads the text once, to the end; it must outlive the table. `label` opens every message. Throws
  // Error{invalid_data} with line and column for rows of unequal length and open quotes.
  Table(std::string_view text, std::string label, Done done = {});

  // Empty: the table has none.
  [[nodiscard]] const std::vector<std::string>& header() const& { return header_; }
  const std::vector<std::string>& header() const&& = delete;
  [[nodiscard]] std::size_t columns() const { return columns_; }
  [[nodiscard]] std::size_t rows() const { return rows_; }

  // The chosen columns of `count` rows as float64 [count, chosen], or as strings. Throws
  // Error{invalid_data} with line and column for a cell that is no number. Several threads may ask.
  [[nodiscard]] base::Tensor read(std::size_t first, std::size_t count,
                                  std::span<const std::size_t> chosen, bool as_strings) const;

 private:
  struct Mark {
    std::size_t offset = 0;
    std::size_t line = 0;
  };
  // Rows that were read last: inputs that take a column each ask for the same rows in turn.
  struct Block {
    std::size_t first = 0;
    std::vector<std::string> cells;  // row by row
    std::vector<std::size_t> lines;  // the line in the file each row begins on, from 1
  };
  void let_go(std::size_t begin, std::size_t end) const;
  void fetch(std::size_t first, std::size_t count) const;
  [[nodiscard]] double number(std::size_t row, std::size_t column) const;

  std::string_view text_;
  std::string label_;
  Done done_;
  char separator_;
  std::vector<std::string> header_;
  std::size_t columns_ = 0;
  std::size_t rows_ = 0;
  std::vector<Mark> marks_;  // where every rows_per_mark-th row begins
  mutable std::mutex mutex_;
  mutable Block block_;           // guarded by mutex_
  mutable std::size_t read_ = 0;  // bytes since done_ was called; guarded by mutex_
};

// A number in C notation whatever the locale; blanks around it and a leading + are allowed, "nan"
// and "inf" are numbers.
[[nodiscard]] std::optional<double> parse_number(std::string_view text);

}  // namespace octet::data
