// Arithmetic on sizes that come from files: an overflow is an answer, never a wrapped number.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace octet::base {

[[nodiscard]] inline std::optional<std::uint64_t> checked_add(std::uint64_t a, std::uint64_t b) {
  std::uint64_t out = 0;
  if (__builtin_add_overflow(a, b, &out)) return std::nullopt;
  return out;
}

[[nodiscard]] inline std::optional<std::uint64_t> checked_mul(std::uint64_t a, std::uint64_t b) {
  std::uint64_t out = 0;
  if (__builtin_mul_overflow(a, b, &out)) return std::nullopt;
  return out;
}

// Number of elements of a tensor of these dimensions; nullopt when one is negative or the product
// does not fit 63 bits. No dimensions: 1, a scalar.
[[nodiscard]] inline std::optional<std::uint64_t> element_count(
    std::span<const std::int64_t> dims) {
  std::uint64_t n = 1;
  for (const std::int64_t d : dims) {
    if (d < 0) return std::nullopt;
    const auto next = checked_mul(n, static_cast<std::uint64_t>(d));
    if (!next || *next > static_cast<std::uint64_t>(INT64_MAX)) return std::nullopt;
    n = *next;
  }
  return n;
}

}  // namespace octet::base
