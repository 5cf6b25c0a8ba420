// Small text files (reports, plans), read whole, and written whole or not at all.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <string_view>

namespace octet::base {

// The whole of a file; a pipe is read to its end. Throws Error{io} with the system's reason.
[[nodiscard]] std::string read_text_file(const std::filesystem::path& path);

// Writes `text` to `path` through OutputFile, with none of the permissions that `widest` lacks.
// What is no regular file (a pipe, a terminal, /dev/null) is written into. Throws Error{io}.
void write_text_file(const std::filesystem::path& path, std::string_view text,
                     mode_t widest = 0777);

// Throws Error{io} when a file could not be written to `path`: its folder can neither be written
// nor made, or a folder is in its place; with `regular_only` also when a device or a pipe is. Makes
// nothing.
void check_writable(const std::filesystem::path& path, bool regular_only);

}  // namespace octet::base
