#include "help.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace octet::cli {
namespace {

constexpr std::size_t usual_columns = 80;
constexpr std::size_t narrowest = 50;
constexpr std::size_t indent = 28;

// Lines of at most `width`, cut at blanks; words that are longer stand alone.
std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  std::vector<std::string> out(1);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!out.back().empty() && out.back().size() + 1 + word.size() > width) out.emplace_back();
    if (!out.back().empty()) out.back() += ' ';
    out.back() += word;
  }
  return out;
}

// Columns on the screen: UTF-8 continuation bytes take none.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

class Help : public CLI::Formatter {
 public:
  explicit Help(std::size_t columns) : columns_(columns) {}

  std::string make_option(const CLI::Option* option, bool positional) const override {
    std::string head = "  " + make_option_name(option, positional);
    const std::string& standard = option->get_default_str();
    std::string type = option->get_items_expected_max() == 0 ? "" : option->get_type_name();
    type.resize(std::min(type.find(':'), type.size()));  // what checks say of themselves
    if (!type.empty() && !positional) head += " " + type;
    std::string text = option->get_description();
    if (!standard.empty()) text += " [" + standard + "]";
    return two_columns(head, text);
  }

  std::string make_subcommand(const CLI::App* command) const override {
    return two_columns("  " + command->get_name(), command->get_description());
  }

  std::string make_footer(const CLI::App* app) const override {
    const std::string footer = app->get_footer();
    std::string out;
    for (std::size_t at = 0; at < footer.size();) {
      const std::size_t end = std::min(footer.find('\n', at), footer.size());
      const std::string line = footer.substr(at, end - at);
      at = end + 1;
      if (line.starts_with("  ")) {  // an example, to be copied as it is
        out += line + "\n";
        continue;
      }
      for (const std::string& part : wrapped(line, columns_)) out += part + "\n";
    }
    return out.empty() ? out : "\n" + out;
  }

 private:
  [[nodiscard]] std::string two_columns(std::string head, const std::string& text) const {
    std::string out;
    if (width_of(head) + 2 > indent) {
      out = head + "\n";
      head.clear();
    }
    for (const std::string& line : wrapped(text, columns_ - indent)) {
      head.append(indent - width_of(head), ' ');
      out += head + line + "\n";
      head.clear();
    }
    return out;
  }

  std::size_t columns_;
};

}  // namespace

std::shared_ptr<CLI::FormatterBase> help_for(std::size_t columns) {
  return std::make_shared<Help>(columns == 0 ? usual_columns : std::max(columns, narrowest));
}

}  // namespace octet::cli
