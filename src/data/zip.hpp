// The entries of a .zip archive, as far as .npz files need them: stored or deflated, zip64 or not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
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

// The entry's content from its start on, in pieces of any size. The entry's bytes must outlive it.
class EntryReader {
 public:
  EntryReader(const ZipEntry& entry, std::string label);
  ~EntryReader();
  EntryReader(EntryReader&& other) noexcept;
  EntryReader& operator=(EntryReader&& other) noexcept;
  EntryReader(const EntryReader&) = delete;
  EntryReader& operator=(const EntryReader&) = delete;

  // Fills `out`. Throws Error{invalid_data} when the entry gives less, or does not give its size.
  void read(std::span<std::byte> out);
  [[nodiscard]] std::uint64_t position() const { return position_; }
  // After the last byte was read. Throws Error{invalid_data} when the checksum is not the entry's.
  void finish();

 private:
  struct Inflater;
  ZipEntry entry_;
  std::string label_;
  std::uint64_t position_ = 0;
  std::uint32_t crc_ = 0;
  std::unique_ptr<Inflater> inflater_;  // null: stored
};

// The entry's content, its size and CRC checked. Throws Error{invalid_data}.
[[nodiscard]] std::vector<std::byte> unpack(const ZipEntry& entry, const std::string& label);

}  // namespace octet::data
