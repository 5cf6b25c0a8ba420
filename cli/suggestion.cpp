#include "suggestion.hpp"

#include <string>
#include <vector>

#include "octet/nearest_name.hpp"

namespace octet::cli {

std::string suggestion(const CLI::App& app, const std::string& typed) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) {
    if (!command->get_group().empty()) names.push_back(command->get_name());
  }
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return nearest_name(typed.substr(0, typed.find('=')), names);
}

}  // namespace octet::cli
