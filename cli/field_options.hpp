// Options of the program made of the fields of the library's structs.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "octet/fields/field.hpp"

namespace octet::cli {

// "--weight-type" for weight_type, unless the field says it.
[[nodiscard]] std::string option_name(const Field& field);

// Gives the option what its field says of values, and its heading.
void describe(CLI::Option& option, const Field& field, const std::string& group);

// The heading that options stand under when nobody says another.
inline constexpr const char* plain_group = "Options";

// An option for one field, into `value`: a bool is a flag that turns it from its default; a list is
// repeated, or cut at commas where the argument's name ends in ",…"; defaults are shown. `value`
// must outlive parsing.
template <typename T>
CLI::Option* add_field(CLI::App& app, const Field& field, T& value,
                       const std::string& group = plain_group) {
  const std::string name = option_name(field);
  CLI::Option* option = nullptr;
  if constexpr (std::is_same_v<T, bool>) {
    option = value ? app.add_flag_callback(
                         name, [&value] { value = false; }, field.help)
                   : app.add_flag(name, value, field.help);
  } else {
    option = app.add_option(name, value, field.help);
    if constexpr (std::is_arithmetic_v<T> || std::is_same_v<T, std::string>) {
      option->capture_default_str();
    } else if constexpr (requires { value.empty(); }) {
      if (!value.empty()) option->capture_default_str();
    }
  }
  describe(*option, field, group);
  return option;
}

// An option for every field that has help; structs within are added by whoever holds them.
template <HasFields T>
void add_fields(CLI::App& app, T& options, const std::string& group = plain_group) {
  visit_fields(options, [&](const Field& field, auto& value) {
    if constexpr (!HasFields<std::remove_reference_t<decltype(value)>>) {
      if (field.help != nullptr) add_field(app, field, value, group);
    }
  });
}

}  // namespace octet::cli
