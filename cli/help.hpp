// Help that fits the terminal.
#pragma once

#include <CLI/CLI.hpp>
#include <cstddef>
#include <memory>

namespace octet::cli {

// Options in two columns, descriptions wrapped at `columns` (0: 80). What excludes what is left to
// the message that says so when it happens.
[[nodiscard]] std::shared_ptr<CLI::FormatterBase> help_for(std::size_t columns);

}  // namespace octet::cli
