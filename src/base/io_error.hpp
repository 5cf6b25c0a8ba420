// What the file system refused, in one line.
#pragma once

#include <fmt/format.h>

#include <cstring>
#include <filesystem>

#include "octet/error.hpp"

namespace octet::base {

// Throws Error{io} "path: what: the system's reason". `error` is an errno.
[[noreturn]] inline void io_error(const std::filesystem::path& path, const char* what, int error) {
  throw Error(ErrorCode::io, fmt::format("{}: {}: {}", path.string(), what, std::strerror(error)));
}

}  // namespace octet::base
