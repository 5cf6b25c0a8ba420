// The scale that maps the largest magnitude to the end of the range.
#pragma once

#include <limits>

#include "quant/encoding.hpp"

namespace octet::quant {

// float32(max_abs / 127), or / 64 for Range::reduced, divided in double; 1 when the quotient is
// below the smallest normal float. The same bits as quantize_dynamic's symmetric int8 scale, whose
// (2 max) / 254 rounds the same quotient.
[[nodiscard]] inline float plain_scale(float max_abs, Range range) {
  const double scale = static_cast<double>(max_abs) / (range == Range::reduced ? 64.0 : 127.0);
  if (!(scale >= static_cast<double>(std::numeric_limits<float>::min()))) return 1;
  return static_cast<float>(scale);
}

}  // namespace octet::quant
