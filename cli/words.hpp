// Words as people type them, turned into the ones the commands know.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace octet::cli {

// The arguments after the program's name, in their order: underscores in option names mean hyphens;
// option names of other quantizers and habits (--nodes_to_exclude, --model, --num-threads) become
// ours where the command has what they mean. Words that say what happens anyway (--force, --yes,
// --overwrite) are left out.
[[nodiscard]] std::vector<std::string> known_words(const CLI::App& app,
                                                   std::vector<std::string> typed);

// Underscores in the name of an option mean hyphens.
[[nodiscard]] std::string hyphenated(std::string typed);

// What to say to a command or an option that only other programs have; "" when nothing is known.
[[nodiscard]] std::string advice(const CLI::App& app, const std::string& typed);

}  // namespace octet::cli
