// Weights for tests: seeded, in any layout, quantized into a plain [rows, columns] result.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <utility>
#include <vector>

#include "quant/weight_quantizer.hpp"

namespace octet::quant {

enum class Shape { normal, student, lattice };

inline std::vector<float> weights_of(std::size_t count, std::uint32_t seed,
                                     Shape shape = Shape::normal) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal(0, 0.02f);
  std::student_t_distribution<float> student(3);
  std::vector<float> weights(count);
  for (float& weight : weights) {
    weight = shape == Shape::normal    ? normal(random)
             : shape == Shape::student ? student(random)
                                       : static_cast<float>(static_cast<int>(random() % 255) - 127);
  }
  return weights;
}

struct Quantized {
  std::vector<std::byte> bytes;  // [rows, columns]
  std::vector<float> scales;     // one per column; one in all for per_tensor

  [[nodiscard]] const std::int8_t* q() const {
    return reinterpret_cast<const std::int8_t*>(bytes.data());
  }
  [[nodiscard]] std::vector<int> numbers() const {
    return std::vector<int>(q(), q() + bytes.size());
  }
  bool operator==(const Quantized&) const = default;
};

inline Quantized quantize(const MatrixView& in, const Encoding& encoding = {},
                          float multiplier = 1) {
  const bool per_tensor = encoding.granularity == Granularity::per_tensor;
  Quantized result{std::vector<std::byte>(in.rows * in.columns),
                   std::vector<float>(per_tensor ? 1 : in.columns)};
  if (per_tensor) result.scales[0] = tensor_scale(in, encoding, multiplier);
  const ByteMatrix out{result.bytes.data(), static_cast<std::ptrdiff_t>(in.columns), 1};
  quantize_columns(in, 0, in.columns, encoding, multiplier, out, result.scales.data());
  return result;
}

inline MatrixView row_major(const std::vector<float>& weights, std::size_t columns) {
  return {weights.data(), columns == 0 ? 0 : weights.size() / columns, columns,
          static_cast<std::ptrdiff_t>(columns), 1};
}

}  // namespace octet::quant
