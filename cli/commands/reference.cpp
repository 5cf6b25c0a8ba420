// Hidden: docs/cli.md, written from the commands themselves, and docs/schema.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "commands/commands.hpp"
#include "exit_codes.hpp"
#include "octet/schema.hpp"
#include "terminal.hpp"

namespace octet::cli {
namespace {

// In a cell of a table, where these two mean something else.
std::string cell(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '|' || c == '<') out += '\\';
    out += c;
  }
  return out;
}

// "`--data` FILE": positional arguments without hyphens.
std::string spelling(const CLI::Option& option) {
  std::string out;
  const auto add = [&](const std::string& name) {
    out += fmt::format("{}`{}`", out.empty() ? "" : ", ", name);
  };
  if (option.get_positional()) {
    add(option.get_name(true));
    return out;
  }
  for (const std::string& name : option.get_snames()) add("-" + name);
  for (const std::string& name : option.get_lnames()) add("--" + name);
  std::string value = option.get_items_expected_max() == 0 ? "" : option.get_type_name();
  value.resize(std::min(value.find(':'), value.size()));  // what checks say of themselves
  if (!value.empty()) out += " " + value;
  return out;
}

std::string table(const std::vector<const CLI::Option*>& options, const char* title) {
  std::string out = fmt::format("| {} | | default |\n|---|---|---|\n", title);
  for (const CLI::Option* option : options) {
    const std::string& standard = option->get_default_str();
    out +=
        fmt::format("| {} | {} | {} |\n", cell(spelling(*option)), cell(option->get_description()),
                    standard.empty() ? "" : fmt::format("`{}`", standard));
  }
  return out + "\n";
}

std::string page_of(const CLI::App& command) {
  std::string out =
      fmt::format("## octet {}\n\n{}.\n\n", command.get_name(), command.get_description());
  const auto section = [&](const char* title, auto wanted) {
    const auto options = command.get_options(wanted);
    if (!options.empty()) out += table(options, title);
  };
  section("argument", [](const CLI::Option* option) { return option->get_positional(); });
  for (const std::string& group : command.get_groups()) {
    if (group.empty()) continue;
    section(group.c_str(), [&](const CLI::Option* option) {
      return !option->get_positional() && option->get_group() == group;
    });
  }
  return out + fmt::format("```text\n{}\n```\n", command.get_footer());
}

}  // namespace

Run add_reference(CLI::App& app, const Environment&) {
  auto schema = std::make_shared<std::string>();
  app.add_option("--schema", *schema, "Instead: the JSON Schema of a document")->type_name("NAME");
  return [&app, schema] {
    if (!schema->empty()) {
      print(octet::json_schema(*schema));
      return exit_yes;
    }
    std::string out =
        "<!-- Written by `octet reference`; the test Reference.IsWhatTheDocumentsSay compares. "
        "-->\n"
        "# Every command and option\n\nUnderscores in names of options mean hyphens. "
        "`octet COMMAND --help` says the same.\n";
    for (const CLI::App* command : app.get_parent()->get_subcommands({})) {
      if (!command->get_group().empty()) out += "\n" + page_of(*command);
    }
    print(out);
    return exit_yes;
  };
}

}  // namespace octet::cli
