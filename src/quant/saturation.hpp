// Can a product with these weights overflow 16 bits on a CPU that adds two u8×s8 products there?
//
// vpmaddubsw computes a0*w0 + a1*w1 in 16 bits, saturating, for neighbouring k; a is 0 … 255. ONNX
// Runtime packs four consecutive k of a column together, so the pairs are rows (0,1), (2,3), … and
// an odd last row stands alone. The sum overflows for some a exactly when both weights have one
// sign and |w0 + w1| > 128: 255 * 128 = 32640 <= 32767 and 255 * 129 = 32895 > 32767. With opposite
// signs |255 w| is the most that can come: it always fits.
#pragma once

#include <cstddef>
#include <cstdint>

namespace octet::quant {

// Element (k, n) is q[k * row_stride + n * column_stride]. False is a proof: no activations can
// overflow.
[[nodiscard]] inline bool can_saturate(const std::int8_t* q, std::size_t rows, std::size_t columns,
                                       std::ptrdiff_t row_stride, std::ptrdiff_t column_stride) {
  for (std::size_t k = 0; k + 1 < rows; k += 2) {
    const std::int8_t* even = q + static_cast<std::ptrdiff_t>(k) * row_stride;
    for (std::size_t n = 0; n < columns; ++n, even += column_stride) {
      const int sum = even[0] + even[row_stride];
      if (sum > 128 || sum < -128) return true;
    }
  }
  return false;
}

}  // namespace octet::quant
