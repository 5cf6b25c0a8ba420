// The compressions that joblib writes: zlib, gzip, bzip2, xz, lzma and lz4, told apart by their
// first bytes.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "trained/limits.hpp"

namespace octet::trained {

// "zlib", "gzip", …; nullopt for bytes that are not compressed.
[[nodiscard]] std::optional<std::string_view> compression_of(std::span<const std::byte> bytes);

// Collects what a decompressor gives, up to a limit that depends on the size of what is unpacked.
class Unpacked {
 public:
  Unpacked(std::uint64_t packed_bytes, const std::string& label, const Limits& limits);

  // Room for the next bytes; `used` says how many of them were written.
  [[nodiscard]] std::span<std::byte> room();
  void used(std::size_t size) { size_ += size; }
  [[noreturn]] void fail(std::string_view fact) const;
  // The bytes; nothing may be added afterwards.
  [[nodiscard]] std::vector<std::byte> take() &&;

 private:
  std::vector<std::byte> bytes_;
  std::size_t size_ = 0;
  std::uint64_t most_;
  std::uint64_t packed_;
  const std::string& label_;
};

// Throws Error{invalid_model} for damage, for what is cut short, for anything behind the end, and
// beyond the limits. `bytes` must be compressed.
[[nodiscard]] std::vector<std::byte> unpack(std::span<const std::byte> bytes,
                                            const std::string& label, const Limits& limits = {});

// One for each library; all of `packed` must be used up.
void unpack_zlib(std::span<const std::byte> packed, Unpacked& into);  // and gzip, several members
void unpack_bzip2(std::span<const std::byte> packed, Unpacked& into);
void unpack_lzma(std::span<const std::byte> packed, Unpacked& into);  // and xz
void unpack_lz4(std::span<const std::byte> packed, Unpacked& into);

}  // namespace octet::trained
