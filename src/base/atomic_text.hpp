// Small text files (reports, plans) written whole or not at all.
#pragma once

#include <filesystem>
#include <string_view>

namespace octet::base {

// Writes `text` to `path` through OutputFile. Throws Error{io}.
void write_text_file(const std::filesystem::path& path, std::string_view text);

}  // namespace octet::base
