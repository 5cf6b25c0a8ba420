// Tables of text cells from .csv files.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/tensor.hpp"

namespace octet::data {

struct Table {
  std::vector<std::string> header;  // empty: none
  std::size_t columns = 0;
  std::vector<std::string> cells;  // row by row
  std::vector<std::size_t> lines;  // the line in the file each row begins on, from 1
  [[nodiscard]] std::size_t rows() const { return lines.size(); }
};

// Fields are separated by tabs, semicolons or commas, whichever of these, in this order, the first
// line has; they may be "quoted". Lines end with LF or CRLF; empty lines are skipped. A first line
// with a cell that is no number is a header. Throws Error{invalid_data} with line and column.
[[nodiscard]] Table read_csv(std::string_view text, const std::string& label);

// The chosen columns as float64 [rows, chosen], or as strings when `as_strings`. Throws
// Error{invalid_data} with line and column for a cell that is no number.
[[nodiscard]] base::Tensor csv_columns(const Table& table, std::span<const std::size_t> chosen,
                                       bool as_strings, const std::string& label);

// A number in C notation whatever the locale; blanks around it and a leading + are allowed, "nan"
// and "inf" are numbers.
[[nodiscard]] std::optional<double> parse_number(std::string_view text);

}  // namespace octet::data
