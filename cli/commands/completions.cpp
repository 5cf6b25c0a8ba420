// Completions for three shells, and the manual page: made of the commands' own options.
#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "commands/commands.hpp"
#include "exit_codes.hpp"
#include "models.hpp"
#include "octet/error.hpp"
#include "terminal.hpp"

namespace octet::cli {
namespace {

std::vector<const CLI::App*> commands(const CLI::App& program) {
  return program.get_subcommands(
      [](const CLI::App* command) { return !command->get_group().empty(); });
}

std::vector<const CLI::Option*> options(const CLI::App& command) {
  return command.get_options([](const CLI::Option* option) {
    return !option->get_positional() && !option->get_group().empty();
  });
}

std::string words(const CLI::App& command) {
  std::string out;
  for (const CLI::Option* option : options(command))
    for (const std::string& name : option->get_lnames()) out += (out.empty() ? "--" : " --") + name;
  return out;
}

// For single quotes of a shell.
std::string shell_quoted(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out;
}

std::string bash(const CLI::App& program) {
  std::string names;
  std::string cases;
  for (const CLI::App* command : commands(program)) {
    names += (names.empty() ? "" : " ") + command->get_name();
    cases += fmt::format("    {}) words='{}' ;;\n", command->get_name(), words(*command));
  }
  return fmt::format(R"(_octet() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} words=''
  if [ "$COMP_CWORD" = 1 ]; then
    COMPREPLY=($(compgen -W '{}' -- "$word"))
    return
  fi
  case ${{COMP_WORDS[1]}} in
{}  esac
  if [[ $word == -* ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$word"))
  else
    COMPREPLY=($(compgen -f -- "$word"))
  fi
}}
complete -o filenames -F _octet octet
)",
                     names, cases);
}

std::string zsh(const CLI::App& program) {
  std::string names;
  std::string cases;
  const auto colonless = [](std::string text) {
    for (const char* mark : {":", "[", "]"})
      for (std::size_t at = 0; (at = text.find(mark, at)) != std::string::npos; at += 2)
        text.insert(at, "\\");
    return shell_quoted(text);
  };
  for (const CLI::App* command : commands(program)) {
    names +=
        fmt::format("    '{}:{}'\n", command->get_name(), shell_quoted(command->get_description()));
    cases += fmt::format("    {})\n      _arguments", command->get_name());
    for (const CLI::Option* option : options(*command)) {
      const bool takes_value = option->get_items_expected_max() != 0;
      for (const std::string& name : option->get_lnames())
        cases +=
            fmt::format(" \\\n        '--{}[{}]{}'", name, colonless(option->get_description()),
                        takes_value ? ":" + colonless(option->get_type_name()) + ":_files" : "");
    }
    cases += " \\\n        '*:file:_files' ;;\n";
  }
  return fmt::format(R"(#compdef octet
_octet() {{
  local -a commands=(
{}  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
{}  esac
}}
compdef _octet octet
)",
                     names, cases);
}

std::string fish(const CLI::App& program) {
  std::string out;
  for (const CLI::App* command : commands(program)) {
    out += fmt::format("complete -c octet -n __fish_use_subcommand -f -a {} -d '{}'\n",
                       command->get_name(), shell_quoted(command->get_description()));
    for (const CLI::Option* option : options(*command)) {
      for (const std::string& name : option->get_lnames())
        out += fmt::format(
            "complete -c octet -n '__fish_seen_subcommand_from {}' -l {}{} -d '{}'\n",
            command->get_name(), name, option->get_items_expected_max() != 0 ? " -r" : "",
            shell_quoted(option->get_description()));
    }
  }
  return out;
}

// For troff: backslashes and leading dots mean something.
std::string roff(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\') {
      out += "\\e";
      continue;
    }
    if (c == '-') out += '\\';
    if ((c == '.' || c == '\'') && (i == 0 || text[i - 1] == '\n')) out += "\\&";
    out += c;
  }
  return out;
}

std::string manual(const CLI::App& program) {
  std::string out =
      ".TH OCTET 1\n.SH NAME\noctet \\- float ONNX models to proven INT8 ones\n.SH SYNOPSIS\n"
      ".B octet\n.I COMMAND\n[options] [files]\n.SH DESCRIPTION\n.nf\n" +
      roff(program.get_description()) + "\n.fi\n";
  for (const CLI::App* command : commands(program)) {
    out += fmt::format(".SH OCTET {}\n{}.\n", roff(command->get_name()),
                       roff(command->get_description()));
    for (const CLI::Option* option : options(*command)) {
      const bool takes_value = option->get_items_expected_max() != 0;
      out += fmt::format(".TP\n.B {}{}\n{}\n", roff(option->get_name(false, true)),
                         takes_value ? " \\fI" + roff(option->get_type_name()) + "\\fR" : "",
                         roff(option->get_description()));
    }
    out += fmt::format(".PP\n.nf\n{}\n.fi\n", roff(command->get_footer()));
  }
  return out;
}

}  // namespace

Run add_completions(CLI::App& app, const Environment&) {
  auto shell = std::make_shared<std::string>();
  app.footer(
      "Examples:\n"
      "  octet completions bash > ~/.local/share/bash-completion/completions/octet\n"
      "  octet completions zsh > \"${fpath[1]}/_octet\"\n"
      "  octet completions fish > ~/.config/fish/completions/octet.fish\n"
      "  octet completions man > octet.1");
  app.add_option("shell", *shell, "bash, zsh or fish; man: the manual page")
      ->required()
      ->group(words_group);
  return [&app, shell] {
    const CLI::App& program = *app.get_parent();
    if (*shell == "bash") {
      print(bash(program));
    } else if (*shell == "zsh") {
      print(zsh(program));
    } else if (*shell == "fish") {
      print(fish(program));
    } else if (*shell == "man") {
      print(manual(program));
    } else {
      throw Error(ErrorCode::invalid_argument,
                  fmt::format("{}: completions are made for bash, zsh and fish, and man", *shell));
    }
    return exit_yes;
  };
}

}  // namespace octet::cli
