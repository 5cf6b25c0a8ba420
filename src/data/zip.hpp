// The entries of a .zip archive, as far as .npz files need them: stored or deflated, zip64 or not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace octet::data {

// `packed` points into the archive's bytes and lives as long as they do.
struct ZipEntry {
  std::string name;
  bool deflated = false;
  std::span<const std::byte> packed;
  std::uint64_t size_bytes = 0;  // unpacked, as declared; deflate could really give as much
  std::uint32_t crc = 0;
};

// Reads the central directory and checks every entry against its local header. Refuses archives
// that are encrypted, split, or whose entries share bytes. `label` opens every message. Throws
// Error{invalid_data}. Format: PKWARE APPNOTE.TXT 6.3.10.
[[nodiscard]] std::vector<ZipEntry> list_zip(std::span<const std::byte> archive,
                                             const std::string& label);

// The entry's content, its size and CRC checked. Throws Error{invalid_data}.
[[nodiscard]] std::vector<std::byte> unpack(const ZipEntry& entry, const std::string& label);

}  // namespace octet::data
