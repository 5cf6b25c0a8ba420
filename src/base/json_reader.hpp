// Structs whose fields are named (include/octet/fields) out of JSON: json_writer.hpp's way back.
//
// A missing field leaves its value alone, unless it is required. Everything that is wrong throws
// Error{invalid_argument} with the field's path: `options.planning.target is not a text`.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <concepts>
#include <filesystem>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "octet/error.hpp"
#include "octet/fields/field.hpp"
#include "octet/nearest_name.hpp"

namespace octet::base {

using Json = nlohmann::ordered_json;

[[noreturn]] inline void refuse_field(const std::string& place, const std::string& fact) {
  throw Error(ErrorCode::invalid_argument, fmt::format("{} {}", place, fact));
}

// Fields of these types are not read, and an object that has one is refused: they have no JSON.
template <typename T>
inline constexpr bool has_no_json = false;

template <HasFields T>
void read_fields(const Json& json, T& into, const std::string& place);

template <typename T>
void read_value(const Json& json, T& into, const std::string& place);

template <typename T>
void read_value(const Json& json, std::optional<T>& into, const std::string& place) {
  if (json.is_null()) {
    into.reset();
  } else {
    read_value(json, into.emplace(), place);
  }
}

template <typename T>
void read_value(const Json& json, std::vector<T>& into, const std::string& place) {
  into.clear();
  if (!json.is_array()) refuse_field(place, "is not a list");
  for (std::size_t i = 0; i < json.size(); ++i)
    read_value(json[i], into.emplace_back(), fmt::format("{}[{}]", place, i));
}

template <typename T>
void read_value(const Json& json, std::map<std::string, T>& into, const std::string& place) {
  into.clear();
  if (!json.is_object()) refuse_field(place, "is not an object");
  for (const auto& [name, value] : json.items())
    read_value(value, into[name], fmt::format("{}[\"{}\"]", place, name));
}

template <std::integral T>
void read_whole(const Json& json, T& into, const std::string& place) {
  const bool fits = json.is_number_unsigned()
                        ? std::in_range<T>(json.get<std::uint64_t>())
                        : json.is_number_integer() && std::in_range<T>(json.get<std::int64_t>());
  if (!fits) {
    refuse_field(place, fmt::format("is not a whole number from {} to {}",
                                    std::numeric_limits<T>::min(), std::numeric_limits<T>::max()));
  }
  into = json.get<T>();
}

// A number, or what json_writer.hpp writes for those that JSON cannot hold.
inline void read_double(const Json& json, double& into, const std::string& place) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (json.is_number()) {
    into = json.get<double>();
  } else if (json == "inf" || json == "-inf") {
    into = json == "inf" ? infinity : -infinity;
  } else if (json == "nan") {
    into = std::numeric_limits<double>::quiet_NaN();
  } else {
    refuse_field(place, "is not a number");
  }
}

template <typename T>
void read_value(const Json& json, T& into, const std::string& place) {
  if constexpr (has_no_json<T>) {
    refuse_field(place, "cannot be given as JSON");
  } else if constexpr (HasFields<T>) {
    read_fields(json, into, place);
  } else if constexpr (std::is_same_v<T, bool>) {
    if (!json.is_boolean()) refuse_field(place, "is neither true nor false");
    into = json.get<bool>();
  } else if constexpr (std::integral<T>) {
    read_whole(json, into, place);
  } else if constexpr (std::is_same_v<T, double>) {
    read_double(json, into, place);
  } else {
    static_assert(std::is_same_v<T, std::string> || std::is_same_v<T, std::filesystem::path>);
    if (!json.is_string()) refuse_field(place, "is not a text");
    into = json.get<std::string>();
  }
}

template <HasFields T>
void read_fields(const Json& json, T& into, const std::string& place) {
  if (!json.is_object()) refuse_field(place, "is not an object");
  std::vector<std::string> names;
  visit_fields(into, [&](const Field& field, auto& value) {
    names.emplace_back(field.name);
    const auto found = json.find(field.name);
    if (found != json.end()) {
      read_value(*found, value, fmt::format("{}.{}", place, field.name));
    } else if (field.required) {
      refuse_field(place, fmt::format("lacks \"{}\"", field.name));
    }
  });
  for (const auto& [key, value] : json.items()) {
    if (std::find(names.begin(), names.end(), key) != names.end()) continue;
    const std::string nearest = nearest_name(key, names);
    refuse_field(place,
                 fmt::format("has no field \"{}\"{}", key,
                             nearest.empty() ? std::string()
                                             : fmt::format("; did you mean \"{}\"?", nearest)));
  }
}

}  // namespace octet::base
