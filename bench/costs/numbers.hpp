// Numbers for the models: seeded floats, and a matrix as int8 with a scale a column.
#pragma once

#include <cmath>
#include <cstring>
#include <random>
#include <vector>

#include "base/tensor.hpp"

namespace octet::bench {

[[nodiscard]] inline std::vector<float> normal(std::int64_t count, unsigned seed,
                                               float deviation = 1) {
  std::mt19937 random(seed);
  std::normal_distribution<float> draw(0, deviation);
  std::vector<float> out(static_cast<std::size_t>(count));
  for (float& value : out) value = draw(random);
  return out;
}

struct Quantized {
  std::vector<std::int8_t> values;
  std::vector<float> scales;
};

// [k, n], row by row. 7 bits: no kernel can saturate, so that answers can be compared on every
// target; it takes the same time as 8.
[[nodiscard]] inline Quantized quantize_columns(const std::vector<float>& matrix, std::int64_t n) {
  const auto columns = static_cast<std::size_t>(n);
  Quantized out = {std::vector<std::int8_t>(matrix.size()), std::vector<float>(columns, 1e-9F)};
  for (std::size_t i = 0; i < matrix.size(); ++i) {
    float& scale = out.scales[i % columns];
    scale = std::max(scale, std::abs(matrix[i]) / 64);
  }
  for (std::size_t i = 0; i < matrix.size(); ++i) {
    out.values[i] = static_cast<std::int8_t>(std::lround(matrix[i] / out.scales[i % columns]));
  }
  return out;
}

// [a, b] as [b, a].
[[nodiscard]] inline std::vector<float> transposed(const std::vector<float>& matrix,
                                                   std::int64_t rows) {
  const auto count = static_cast<std::size_t>(rows);
  const std::size_t columns = matrix.size() / count;
  std::vector<float> out(matrix.size());
  for (std::size_t r = 0; r < count; ++r) {
    for (std::size_t c = 0; c < columns; ++c) out[c * count + r] = matrix[r * columns + c];
  }
  return out;
}

template <typename T>
[[nodiscard]] base::Tensor host_tensor(base::ElementType type, std::vector<std::int64_t> dims,
                                       const std::vector<T>& values) {
  base::Tensor out;
  out.type = type;
  out.dims = std::move(dims);
  out.bytes.resize(values.size() * sizeof(T));
  std::memcpy(out.bytes.data(), values.data(), out.bytes.size());
  return out;
}

}  // namespace octet::bench
