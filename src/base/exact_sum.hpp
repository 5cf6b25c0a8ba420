// A sum of doubles without rounding: the same whatever the order and the grouping, so that parts of
// it can be computed apart and added (docs/numerics.md, "Parity").
#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace octet::base {

// Radford Neal's small superaccumulator (arXiv 1505.05571): the sum as a fixed-point number of 2144
// bits, in digits of 32 bits that are 64 bits wide, so that carries wait for a billion additions.
class ExactSum {
 public:
  void add(double value) {
    const auto bits = std::bit_cast<std::uint64_t>(value);
    const auto exponent = static_cast<unsigned>(bits >> 52U) & 0x7ffU;
    if (exponent == 0x7ff) {
      unbounded_ += value;  // infinity or NaN: what doubles make of it, in any order
      return;
    }
    std::uint64_t mantissa = bits & 0xfffffffffffffU;
    if (exponent != 0) mantissa |= std::uint64_t{1} << 52U;
    const unsigned shift = exponent == 0 ? 0 : exponent - 1;  // in units of 2^-1074
    const unsigned within = shift % 32;
    const std::size_t digit = shift / 32;
    const auto low = static_cast<std::int64_t>((mantissa << within) & 0xffffffffU);
    const auto middle = static_cast<std::int64_t>((mantissa >> (32 - within)) & 0xffffffffU);
    const auto high = static_cast<std::int64_t>(within == 0 ? 0 : mantissa >> (64 - within));
    const std::int64_t sign = (bits >> 63U) != 0 ? -1 : 1;
    digits_[digit] += sign * low;
    digits_[digit + 1] += sign * middle;
    digits_[digit + 2] += sign * high;
    if (++waiting_ == most_waiting) carry();
  }
  void add(const ExactSum& other);

  // The sum, rounded to a double (to within two units in the last place); infinity and NaN where
  // they were added.
  [[nodiscard]] double value() const;

  // What read() takes back.
  [[nodiscard]] std::vector<std::int64_t> digits() const;
  // False, and nothing is changed, where there are too many digits or one has more than 32 bits.
  [[nodiscard]] bool read(const std::vector<std::int64_t>& digits, double unbounded);
  [[nodiscard]] double unbounded() const { return unbounded_; }

 private:
  static constexpr std::size_t count = 70;  // 2098 bits of doubles, and what a sum grows by
  static constexpr std::uint32_t most_waiting = 1U << 30U;

  // Every digit but the last to 0 … 2^32 - 1.
  void carry();

  std::array<std::int64_t, count> digits_ = {};
  std::uint32_t waiting_ = 0;
  double unbounded_ = 0;
};

}  // namespace octet::base
