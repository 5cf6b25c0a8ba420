// Weights as IEEE binary16.
#pragma once

#include <cstddef>
#include <span>

#include "kernels/kernels.hpp"

namespace octet::quant {

// The largest magnitude that rounds to a finite half is below this.
inline constexpr float float16_overflow = 65520.0f;

// Writes values.size() halves, rounded to nearest even, little-endian; both pointers may be
// misaligned. NaN gives sign | 0x7e00. Returns whether every finite value stayed finite.
inline bool to_float16(std::span<const float> values, std::byte* out) {
  return kernels::to_float16(values, out);
}

}  // namespace octet::quant
