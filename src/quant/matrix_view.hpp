// Borrowed views of a weight as K rows (the reduction) by N columns (the channels).
#pragma once

#include <cstddef>

namespace octet::quant {

// Element (k, n) is data[k * row_stride + n * column_stride]; strides count elements. `data` may be
// misaligned. The caller has checked that the last element lies inside the tensor.
struct MatrixView {
  const float* data = nullptr;
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::ptrdiff_t row_stride = 0;
  std::ptrdiff_t column_stride = 0;

  [[nodiscard]] const float* at(std::size_t row, std::size_t column) const {
    return data + static_cast<std::ptrdiff_t>(row) * row_stride +
           static_cast<std::ptrdiff_t>(column) * column_stride;
  }
};

// Where the byte of (k, n) goes: data[k * row_stride + n * column_stride].
struct ByteMatrix {
  std::byte* data = nullptr;
  std::ptrdiff_t row_stride = 0;
  std::ptrdiff_t column_stride = 0;

  [[nodiscard]] std::byte* at(std::size_t row, std::size_t column) const {
    return data + static_cast<std::ptrdiff_t>(row) * row_stride +
           static_cast<std::ptrdiff_t>(column) * column_stride;
  }
};

}  // namespace octet::quant
