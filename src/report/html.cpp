#include "report/html.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "octet/error.hpp"
#include "report/html_style.hpp"

namespace octet::report::html {

std::string text(std::string_view raw) {
  std::string out;
  for (const char c : one_line(raw)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

Cell word(std::string_view shown, std::string_view tone) {
  return {std::string(shown), 0, false, std::string(tone)};
}

Cell number(double value, std::string_view shown) {
  return {std::string(shown), std::isfinite(value) ? value : 1e308, true, ""};
}

std::string table(std::string_view caption, const std::vector<std::string>& heads,
                  const std::vector<std::vector<Cell>>& rows, bool filter) {
  std::string out;
  if (filter) {
    out += fmt::format(
        "<p><label>Show rows with <input type=\"search\" class=\"filter\"></label></p>\n");
  }
  out +=
      fmt::format("<div class=\"wide\"><table><caption>{}</caption>\n<thead><tr>", text(caption));
  for (const std::string& head : heads)
    out += fmt::format("<th scope=\"col\"><button type=\"button\">{}</button></th>", text(head));
  out += "</tr></thead>\n<tbody>\n";
  for (const auto& row : rows) {
    out += "<tr>";
    for (const Cell& cell : row) {
      const std::string classes = cell.is_number ? "n" : cell.tone;
      out += "<td";
      if (!classes.empty()) out += fmt::format(" class=\"{}\"", classes);
      if (cell.is_number) out += fmt::format(" data-n=\"{:.9g}\"", cell.sort_by);
      out += fmt::format(">{}</td>", text(cell.shown));
    }
    out += "</tr>\n";
  }
  return out + "</tbody></table></div>\n";
}

std::string section(std::string_view title, std::string_view content) {
  return fmt::format("<section>\n<h2>{}</h2>\n{}</section>\n", text(title), content);
}

std::string bar(std::string_view label, const std::vector<Share>& shares,
                std::string (*shown)(double)) {
  double total = 0;
  for (const Share& share : shares) total += share.size;
  if (total <= 0) return "";
  std::string parts;
  std::string legend;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const std::size_t tone = i % 8;
    const double percent = 100 * shares[i].size / total;
    parts += fmt::format("<span class=\"s{}\" style=\"width:{:.3f}%\"></span>", tone, percent);
    legend += fmt::format("<li><span class=\"key s{}\"></span>{} <b>{}</b> ({:.1f} %)</li>", tone,
                          text(shares[i].name), text(shown(shares[i].size)), percent);
  }
  return fmt::format(
      "<figure><figcaption>{}</figcaption><div class=\"bar\" aria-hidden=\"true\">{}</div><ul "
      "class=\"legend\">{}</ul></figure>\n",
      text(label), parts, legend);
}

namespace {

constexpr int bins = 48;
constexpr int picture_width = 640;
constexpr int row_height = 70;

std::string bars_of(const Series& series, double low, double high, int top, std::size_t tone) {
  std::array<int, bins> counts{};
  for (const double sample : series.samples) {
    const double place = high > low ? (sample - low) / (high - low) * bins : 0;
    ++counts[static_cast<std::size_t>(std::clamp(place, 0.0, bins - 1.0))];
  }
  const int most = std::max(1, *std::max_element(counts.begin(), counts.end()));
  std::string out;
  constexpr double width = static_cast<double>(picture_width) / bins;
  for (std::size_t i = 0; i < bins; ++i) {
    const double height = (row_height - 22.0) * counts[i] / most;
    if (counts[i] == 0) continue;
    out += fmt::format(
        "<rect class=\"s{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>", tone,
        static_cast<double>(i) * width, top + row_height - height, width - 1, height);
  }
  return out + fmt::format("<text x=\"0\" y=\"{}\">{}</text>", top + 14, text(series.name));
}

}  // namespace

std::string histogram(std::string_view label, const std::vector<Series>& series,
                      std::string_view unit) {
  std::vector<double> all;
  for (const Series& one : series) all.insert(all.end(), one.samples.begin(), one.samples.end());
  if (all.empty()) return "";
  std::sort(all.begin(), all.end());
  const double low = all.front();
  const double high = all[std::min(all.size() - 1, all.size() * 95 / 100)];
  std::string rows;
  int top = 0;
  for (std::size_t i = 0; i < series.size(); ++i, top += row_height)
    rows += bars_of(series[i], low, high, top, i);
  return fmt::format(
      "<figure><figcaption>{0}</figcaption><svg role=\"img\" aria-label=\"{0}\" viewBox=\"0 0 {1} "
      "{2}\">{3}<text x=\"0\" y=\"{4}\">{5:.4g} {6}</text><text x=\"{1}\" y=\"{4}\" "
      "text-anchor=\"end\">{7:.4g} {6} and more</text></svg></figure>\n",
      text(label), picture_width, top + 20, rows, top + 16, low, text(unit), high);
}

std::string page(std::string_view title, std::string_view body) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta "
      "name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta "
      "name=\"color-scheme\" content=\"light dark\">\n<title>{}</title>\n<style>\n{}</style>\n"
      "</head>\n<body>\n<main>\n{}</main>\n<script>\n{}</script>\n</body>\n</html>\n",
      text(title), style_sheet, body, script);
}

}  // namespace octet::report::html
