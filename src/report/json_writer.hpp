// What every report shares: the envelope, and numbers that JSON cannot hold.
#pragma once

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

namespace octet::report {

using Json = nlohmann::ordered_json;

// The first fields of every report.
[[nodiscard]] inline Json envelope() {
  return {{"schema_version", 1}, {"octet", OCTET_VERSION}};
}

// A number, or "nan", "inf", "-inf".
[[nodiscard]] inline Json number(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  return value;
}

// Indented; text that is not UTF-8 (names come from model files) is replaced, never refused.
[[nodiscard]] inline std::string dump(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace octet::report
