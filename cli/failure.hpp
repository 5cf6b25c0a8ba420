// How the program says that it could not: a line on standard error and, with --json, a document.
#pragma once

#include <string_view>

namespace octet::cli {

// Whether --json stands on the command line: known before the arguments are read, so that errors in
// them are documents too. Said once, by main.
void answer_in_json(bool json);

// Gives exit_could_not. `code` is that of octet::Failure.
int could_not(std::string_view code, std::string_view message);

}  // namespace octet::cli
