// How far a quantized column is from the weights it stands for.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>

#include "quant/encoding.hpp"
#include "quant/matrix_view.hpp"

namespace octet::quant {

struct ColumnError {
  double squared = 0;  // Σ (scale * q - multiplier * w)²
  double largest = 0;  // max |scale * q - multiplier * w|
  double energy = 0;   // Σ (multiplier * w)²: squared / energy is the relative error
};

// Measures column `column` in double precision, in order of rows. `out` holds the bytes
// quantize_columns wrote. Weights are finite.
[[nodiscard]] inline ColumnError column_error(const MatrixView& in, std::size_t column,
                                              float multiplier, const ByteMatrix& out, Kind kind,
                                              float scale) {
  ColumnError error;
  for (std::size_t k = 0; k < in.rows; ++k) {
    float weight;
    std::memcpy(&weight, static_cast<const void*>(in.at(k, column)), sizeof weight);
    const int byte = static_cast<int>(*out.at(k, column));
    const int q = kind == Kind::uint8 ? byte - 128 : (byte ^ 0x80) - 0x80;
    const double wanted = static_cast<double>(multiplier) * static_cast<double>(weight);
    const double miss = static_cast<double>(scale) * q - wanted;
    error.squared += miss * miss;
    error.largest = std::max(error.largest, std::fabs(miss));
    error.energy += wanted * wanted;
  }
  return error;
}

}  // namespace octet::quant
