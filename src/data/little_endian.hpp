// Unsigned little-endian numbers at an offset of untrusted bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>

namespace octet::data {

// True when [offset, offset + length) lies inside `size` bytes.
[[nodiscard]] constexpr bool inside(std::uint64_t size, std::uint64_t offset,
                                    std::uint64_t length) {
  return offset <= size && length <= size - offset;
}

// nullopt when the number would run past the end.
template <typename T>
[[nodiscard]] std::optional<T> read_little(std::span<const std::byte> bytes, std::uint64_t offset) {
  if (!inside(bytes.size(), offset, sizeof(T))) return std::nullopt;
  T value{};
  std::memcpy(&value, bytes.data() + offset, sizeof(T));
  return value;
}

}  // namespace octet::data
