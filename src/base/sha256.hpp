// SHA-256 (FIPS 180-4), so that anybody can check with sha256sum which file a report speaks of.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

namespace octet::base {

// 64 lower-case hexadecimal digits.
[[nodiscard]] std::string sha256(std::span<const std::byte> bytes);

struct FileHash {
  std::uint64_t bytes = 0;
  std::string sha256;
};

// Of a whole file, a few megabytes of it in memory at a time. Throws Error{io} when it cannot be
// read or changes meanwhile.
[[nodiscard]] FileHash hash_of(const std::filesystem::path& path);

}  // namespace octet::base
