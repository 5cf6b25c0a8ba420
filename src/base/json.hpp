// The one way JSON from outside comes in: bounded, and nothing in it twice.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string_view>

namespace octet::base {

struct JsonLimits {
  std::size_t depth = 16;  // objects and lists within each other
  std::size_t bytes = std::size_t{256} << 20U;
};

// Throws Error{invalid_argument}, "<label>: not JSON: line 3, column 7: …", for what is not JSON,
// for numbers no double holds, for text that is not UTF-8, for one key twice in an object and for
// what is above the limits: found while reading, before anything recurses. Types and ranges of
// fields are the caller's to check.
[[nodiscard]] nlohmann::ordered_json parse_json(std::string_view text, std::string_view label,
                                                const JsonLimits& limits = {});

}  // namespace octet::base
