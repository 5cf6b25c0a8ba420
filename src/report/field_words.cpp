// Messages of the library name the program's options, because most are read there; whoever calls
// the library has fields instead.
#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>

#include "octet/fields/options.hpp"
#include "octet/options_json.hpp"

namespace octet {
namespace {

using Words = std::map<std::string, std::string, std::less<>>;

template <typename Options>
void collect(Words& words) {
  const Options options{};
  visit_fields(options, [&](const Field& field, const auto& value) {
    using Value = std::decay_t<decltype(value)>;
    if constexpr (HasFields<Value>) {
      collect<Value>(words);
    } else {
      std::string plain = "--" + std::string(field.name);
      std::replace(plain.begin(), plain.end(), '_', '-');
      words.try_emplace(plain, field.name);
      std::string name = field.name;
      if constexpr (std::is_same_v<Value, bool>) {
        if (value) name += " = false";  // the option turns it off
      }
      std::string_view options_left = field.option == nullptr ? "" : field.option;
      while (!options_left.empty()) {
        const std::size_t comma = std::min(options_left.find(','), options_left.size());
        words.try_emplace(std::string(options_left.substr(0, comma)), name);
        options_left.remove_prefix(std::min(comma + 1, options_left.size()));
      }
    }
  });
}

Words all_words() {
  Words out = {{"--data", "data"}, {"--timeout", "timeout_seconds"}};
  collect<QuantizeOptions>(out);
  collect<ParityOptions>(out);
  collect<BenchOptions>(out);
  collect<PredictOptions>(out);
  collect<SensitivityOptions>(out);
  collect<TuneOptions>(out);
  collect<ExportOptions>(out);
  return out;
}

bool is_of_option(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

}  // namespace

std::string in_field_words(std::string_view message) {
  static const Words words = all_words();
  std::string out;
  while (!message.empty()) {
    const std::size_t at = std::min(message.find("--"), message.size());
    out += message.substr(0, at);
    message.remove_prefix(at);
    std::size_t end = 0;
    while (end < message.size() && is_of_option(message[end])) ++end;
    const auto found = words.find(message.substr(0, end));
    const bool whole_word = out.empty() || !is_of_option(out.back());
    out += found != words.end() && whole_word ? found->second : std::string(message.substr(0, end));
    message.remove_prefix(end);
  }
  return out;
}

}  // namespace octet
