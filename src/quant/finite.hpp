// Whether a weight can be quantized at all.
#pragma once

#include <span>

#include "kernels/kernels.hpp"

namespace octet::quant {

// No NaN and no infinity among the values, which may be misaligned.
[[nodiscard]] inline bool all_finite(std::span<const float> values) {
  return kernels::all_finite(values);
}

}  // namespace octet::quant
