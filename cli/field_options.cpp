#include "field_options.hpp"

#include <algorithm>

namespace octet::cli {

std::string option_name(const Field& field) {
  if (field.option != nullptr) return field.option;
  std::string out = "--" + std::string(field.name);
  std::replace(out.begin(), out.end(), '_', '-');
  return out;
}

namespace {

std::string spaced(std::string_view words) {
  std::string out;
  for (const char c : words) {
    out += c;
    if (c == ',') out += ' ';
  }
  return out;
}

}  // namespace

void describe(CLI::Option& option, const Field& field, const std::string& group) {
  const std::string_view argument = field.argument == nullptr ? "" : field.argument;
  if (!argument.empty()) option.type_name(std::string(argument));
  if (field.values != nullptr) {
    // The library checks them and says more; here they are only told.
    option.description(option.get_description() + " (" + spaced(field.values) + ")");
  }
  if (argument.ends_with(",…")) option.delimiter(',');
  // A list takes one word at a time, so that a model's name may follow.
  if (option.get_items_expected_max() > 1) option.allow_extra_args(false);
  option.group(group);
}

}  // namespace octet::cli
