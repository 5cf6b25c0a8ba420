#include "base/json.hpp"

#include <fmt/format.h>

#include <set>
#include <string>
#include <vector>

#include "octet/error.hpp"

namespace octet::base {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t most_words = 200;

[[noreturn]] void refuse(std::string_view label, const std::string& fact) {
  throw Error(ErrorCode::invalid_argument, fmt::format("{}: {}", label, fact));
}

// Without the parser's own "[json.exception.parse_error.101] ", and no longer than a line: it
// quotes what it read last.
std::string words_of(const Json::exception& error) {
  std::string words = error.what();
  const std::size_t end = words.find("] ");
  if (end != std::string::npos) words.erase(0, end + 2);
  if (words.size() > most_words) words = words.substr(0, most_words) + "…";
  return words;
}

// Looks at every object, list and key as the parser comes to it.
class Guard {
 public:
  Guard(std::string_view label, std::size_t depth) : label_(label), depth_(depth) {}

  void see(Json::parse_event_t event, const Json& value) {
    switch (event) {
      case Json::parse_event_t::object_start:
      case Json::parse_event_t::array_start:
        if (keys_.size() == depth_) {
          refuse(label_, fmt::format("its objects and lists are more than {} deep", depth_));
        }
        keys_.emplace_back();
        break;
      case Json::parse_event_t::object_end:
      case Json::parse_event_t::array_end:
        keys_.pop_back();
        break;
      case Json::parse_event_t::key: {
        const auto& key = value.get_ref<const std::string&>();
        if (!keys_.back().insert(key).second) {
          refuse(label_,
                 fmt::format("\"{}\" is there twice in one object", key.substr(0, most_words)));
        }
        break;
      }
      default:
        break;
    }
  }

 private:
  std::string_view label_;
  std::size_t depth_;
  std::vector<std::set<std::string>> keys_;  // of the objects that are open
};

}  // namespace

Json parse_json(std::string_view text, std::string_view label, const JsonLimits& limits) {
  if (text.size() > limits.bytes) {
    refuse(label, fmt::format("is larger than {} MiB, too large for JSON that Octet reads",
                              limits.bytes >> 20U));
  }
  Guard guard(label, limits.depth);
  try {
    return Json::parse(text, [&](int, Json::parse_event_t event, Json& value) {
      guard.see(event, value);
      return true;
    });
  } catch (const Json::exception& error) {
    refuse(label, fmt::format("not JSON: {}", words_of(error)));
  }
}

}  // namespace octet::base
