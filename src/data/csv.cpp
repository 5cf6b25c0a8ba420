#include "data/csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>

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
  Lines(std::string_view text, const std::string& label)
      : rest_(text), label_(label), separator_(find_separator(text)) {}

  [[nodiscard]] std::size_t line() const { return line_; }

  // The cells of the next line that is not empty; nullopt at the end. line() is then where it
  // began.
  std::optional<std::vector<std::string>> next() {
    while (!rest_.empty()) {
      line_ = next_line_;
      std::vector<std::string> cells;
      bool more = true;
      while (more) more = read_cell(cells);
      ++next_line_;
      if (cells.size() > 1 || !cells.front().empty()) return cells;
    }
    return std::nullopt;
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
  std::size_t next_line_ = 1;
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

double cell_number(const Table& table, std::size_t row, std::size_t column,
                   const std::string& label) {
  const std::string& cell = table.cells[row * table.columns + column];
  const auto number = parse_number(cell);
  if (number) return *number;
  refuse(label, table.lines[row], column + 1,
         trimmed(cell).empty()
             ? std::string("the cell is empty; write nan for a missing number")
             : fmt::format("\"{}\" is not a number", std::string_view(cell).substr(0, 40)));
}

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

Table read_csv(std::string_view text, const std::string& label) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  Table table;
  Lines lines(text, label);
  while (auto cells = lines.next()) {
    if (table.columns == 0) {
      table.columns = cells->size();
      if (is_header(*cells)) {
        for (const std::string& cell : *cells) table.header.emplace_back(trimmed(cell));
        continue;
      }
    }
    if (cells->size() != table.columns) {
      refuse(label, lines.line(), std::min(cells->size(), table.columns) + 1,
             fmt::format("expected {} cells as in the first line, found {}", table.columns,
                         cells->size()));
    }
    for (std::string& cell : *cells) table.cells.push_back(std::move(cell));
    table.lines.push_back(lines.line());
  }
  if (table.rows() == 0) {
    throw Error(ErrorCode::invalid_data, fmt::format("{}: there are no rows in it", label));
  }
  return table;
}

base::Tensor csv_columns(const Table& table, std::span<const std::size_t> chosen, bool as_strings,
                         const std::string& label) {
  base::Tensor out;
  out.type = as_strings ? base::ElementType::string : base::ElementType::float64;
  out.dims = {static_cast<std::int64_t>(table.rows()), static_cast<std::int64_t>(chosen.size())};
  if (!as_strings) out.bytes.resize(table.rows() * chosen.size() * sizeof(double));
  std::size_t at = 0;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    for (const std::size_t column : chosen) {
      if (as_strings) {
        out.strings.push_back(table.cells[row * table.columns + column]);
      } else {
        const double number = cell_number(table, row, column, label);
        std::memcpy(out.bytes.data() + at++ * sizeof(double), &number, sizeof(double));
      }
    }
  }
  return out;
}

}  // namespace octet::data
