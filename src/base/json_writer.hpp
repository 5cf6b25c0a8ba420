// Structs whose fields are named (include/octet/fields) as JSON.
#pragma once

#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "octet/fields/field.hpp"

namespace octet::base {

using Json = nlohmann::ordered_json;

// A number, or "nan", "inf", "-inf", which JSON cannot hold.
[[nodiscard]] inline Json number(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  return value;
}

template <typename T>
[[nodiscard]] Json json_of(const T& value);

template <typename T>
[[nodiscard]] Json json_of(const std::optional<T>& value) {
  return value ? json_of(*value) : Json(nullptr);
}

template <typename T>
[[nodiscard]] Json json_of(const std::vector<T>& list) {
  Json out = Json::array();
  for (const T& one : list) out.push_back(json_of(one));
  return out;
}

template <typename T>
[[nodiscard]] Json json_of(const std::map<std::string, T>& list) {
  Json out = Json::object();
  for (const auto& [name, value] : list) out[name] = json_of(value);
  return out;
}

// Pairs of a name and a value are an object.
template <typename T>
[[nodiscard]] Json json_of(const std::vector<std::pair<std::string, T>>& list) {
  Json out = Json::object();
  for (const auto& [name, value] : list) out[name] = json_of(value);
  return out;
}

template <typename T>
[[nodiscard]] bool is_empty(const T& value) {
  if constexpr (requires { value.empty(); }) {
    return value.empty();
  } else if constexpr (requires { value.has_value(); }) {
    return !value.has_value();
  } else {
    return false;
  }
}

// The fields of `object` behind those that `into` has.
template <HasFields T>
void write_fields(Json& into, const T& object) {
  visit_fields(object, [&](const Field& field, const auto& value) {
    if (field.left_out && is_empty(value)) return;
    into[field.name] = json_of(value);
  });
}

template <typename T>
Json json_of(const T& value) {
  if constexpr (HasFields<T>) {
    Json out = Json::object();
    write_fields(out, value);
    return out;
  } else if constexpr (std::is_enum_v<T>) {
    return name_of(value);
  } else if constexpr (std::is_floating_point_v<T>) {
    return number(value);
  } else {
    return value;
  }
}

}  // namespace octet::base
