// How much of the machine a command may take: options of every command.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>

#include "environment.hpp"

namespace octet::cli {

// Adds --timeout and --max-memory, into `limits`.
void add_limits(CLI::App& command, Limits& limits);

// Bounds this process's memory. Throws Error{invalid_argument} for a time that is none.
void apply(const Limits& limits);

// The number of threads asked for, at most the machine's; a warning says when it was more.
[[nodiscard]] unsigned bounded_threads(unsigned asked);

}  // namespace octet::cli
