// "Did you mean …?" for commands and options.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace octet::cli {

// The name of `app`'s commands or options that is nearest to what was typed; "" when none is near.
[[nodiscard]] std::string suggestion(const CLI::App& app, const std::string& typed);

}  // namespace octet::cli
