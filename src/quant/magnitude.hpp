// What the numbers of a weight allow.
#pragma once

#include <bit>
#include <limits>
#include <span>

#include "kernels/kernels.hpp"

namespace octet::quant {

// The largest magnitude; infinity when a value is NaN or infinite. One look at each value, which
// may be misaligned.
[[nodiscard]] inline float magnitude(std::span<const float> values) {
  const std::uint32_t bits = kernels::largest_bits(values);
  if (bits >= kernels::infinity_bits) return std::numeric_limits<float>::infinity();
  return std::bit_cast<float>(bits);
}

}  // namespace octet::quant
