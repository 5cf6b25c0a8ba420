// HTML in pieces: text escaped, tables, bars, pictures of numbers.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace octet::report::html {

// What a browser shows as the text itself; control characters as \xNN.
[[nodiscard]] std::string text(std::string_view raw);

struct Cell {
  std::string shown;   // as text
  double sort_by = 0;  // of numbers
  bool is_number = false;
  std::string tone;  // "", "good", "bad": a class of the style sheet
};
[[nodiscard]] Cell word(std::string_view shown, std::string_view tone = "");
[[nodiscard]] Cell number(double value, std::string_view shown);

// `caption` says what the rows are. A click on a head sorts; with `filter` a field above leaves
// rows that hold its words.
[[nodiscard]] std::string table(std::string_view caption, const std::vector<std::string>& heads,
                                const std::vector<std::vector<Cell>>& rows, bool filter = false);

// A titled part of the page.
[[nodiscard]] std::string section(std::string_view title, std::string_view content);

struct Share {
  std::string name;
  double size = 0;
};
// One bar, cut in proportion, with a legend of names and sizes as `shown` gives them.
[[nodiscard]] std::string bar(std::string_view label, const std::vector<Share>& shares,
                              std::string (*shown)(double));

struct Series {
  std::string name;
  std::vector<double> samples;
};
// How often each value came, the series above each other on one axis; `unit` behind its ends.
// Outliers above the 95th percentile are gathered in the last bin.
[[nodiscard]] std::string histogram(std::string_view label, const std::vector<Series>& series,
                                    std::string_view unit);

// The page around it all.
[[nodiscard]] std::string page(std::string_view title, std::string_view body);

}  // namespace octet::report::html
