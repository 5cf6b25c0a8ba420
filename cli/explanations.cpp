#include "explanations.hpp"

#include <cstddef>

namespace octet::cli {
namespace {

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> cells_of(std::string_view line) {
  std::vector<std::string_view> out;
  line.remove_prefix(1);
  while (!line.empty()) {
    const std::size_t end = std::min(line.find('|'), line.size());
    out.push_back(trimmed(line.substr(0, end)));
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return out;
}

// "[forms.md](../forms.md)" is forms.md; backticks mark code.
std::string plain(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '`') continue;
    if (text.substr(i).starts_with("](")) {
      i = std::min(text.find(')', i), text.size() - 1);
      continue;
    }
    if (text[i] != '[' || text.find("](", i) == std::string_view::npos) out += text[i];
  }
  return out;
}

void read(std::string_view page, bool is_reason, std::vector<Explanation>& out) {
  bool inside = false;
  while (!page.empty()) {
    const std::size_t end = std::min(page.find('\n'), page.size());
    const std::string_view line = page.substr(0, end);
    page.remove_prefix(std::min(end + 1, page.size()));
    if (!line.starts_with("| ") && !line.starts_with("|-")) {
      inside = false;
      continue;
    }
    const auto cells = cells_of(line);
    if (cells.size() < 3 || line.starts_with("|-")) continue;
    if (cells[0] == "code") {
      inside = true;
    } else if (inside) {
      const std::string second = plain(cells[1]);
      const std::string third = plain(cells[2]);
      out.push_back(
          {plain(cells[0]), is_reason ? third : second, is_reason ? second : third, is_reason});
    }
  }
}

}  // namespace

std::vector<Explanation> explanations() {
  std::vector<Explanation> out;
  read(troubleshooting_page(), false, out);
  read(reasons_page(), true, out);
  return out;
}

}  // namespace octet::cli
