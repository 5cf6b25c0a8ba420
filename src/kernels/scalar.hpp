// The scalar twin of every kernel in kernels.hpp: the definition the SIMD loops must equal byte for
// byte. Contracts are those of kernels.hpp. Written to be read, not to be fast; the SIMD files use
// it for the tails of spans.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <utility>

#include "kernels/kernels.hpp"

namespace octet::kernels::scalar {

// Reads a float that may be misaligned.
inline float load(const float* at) {
  float value;
  std::memcpy(&value, static_cast<const void*>(at), sizeof value);
  return value;
}

inline float clean(float x) {
  constexpr float largest = std::numeric_limits<float>::max();
  if (x != x) return 0;
  return std::clamp(x, -largest, largest);
}

inline std::uint32_t largest_bits(std::span<const float> values) {
  std::uint32_t result = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto bits = std::bit_cast<std::uint32_t>(load(values.data() + i));
    result = std::max(result, bits & 0x7fffffffU);
  }
  return result;
}

inline float max_abs(std::span<const float> values) {
  float result = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const float magnitude = std::fabs(load(values.data() + i));
    if (magnitude > result) result = magnitude;
  }
  return result;
}

inline std::uint16_t to_float16(float value) {
  const std::uint32_t bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t sign = (bits >> 16) & 0x8000u;
  const std::uint32_t magnitude = bits & 0x7fffffffu;
  std::uint32_t half = 0;
  if (magnitude > 0x7f800000u) {
    half = 0x7e00u;
  } else if (magnitude >= 0x47800000u) {  // 65536 and up
    half = 0x7c00u;
  } else if (magnitude <
             0x38800000u) {  // below the smallest normal half: adding 0.5 aligns the last bit
    half = std::bit_cast<std::uint32_t>(std::bit_cast<float>(magnitude) + 0.5f) - 0x3f000000u;
  } else {  // rebias the exponent, round to even on the 13 bits that go; 65520 and up carries into
            // infinity
    half = (magnitude - 0x38000000u + 0xfffu + ((magnitude >> 13) & 1u)) >> 13;
  }
  return static_cast<std::uint16_t>(sign | half);
}

inline bool to_float16(std::span<const float> values, std::byte* out) {
  bool stayed_finite = true;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const float value = load(values.data() + i);
    const std::uint16_t half = to_float16(value);
    std::memcpy(out + 2 * i, &half, sizeof half);
    if (std::isfinite(value) && (half & 0x7fffu) >= 0x7c00u) stayed_finite = false;
  }
  return stayed_finite;
}

inline std::byte quantize_value(float x, float scale, float limit, int offset) {
  const float q = std::clamp(std::nearbyint(x / scale), -limit, limit);
  return static_cast<std::byte>((static_cast<int>(q) + offset) & 0xff);
}

inline void quantize_span(std::span<const float> values, const SpanQuantization& how,
                          std::byte* out) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    const float x = clean(load(values.data() + i) * how.multiplier);
    out[i] = quantize_value(x, how.scale, how.limit, how.offset);
  }
}

inline void pack_rows(const float* in, std::ptrdiff_t row_stride, std::size_t rows,
                      float multiplier, float* panel, Panels panels = {}) {
  for (std::size_t p = 0; p < panels.count; ++p) {
    for (std::size_t r = 0; r < rows; ++r) {
      const float* row = in + static_cast<std::ptrdiff_t>(r) * row_stride + p * panel_width;
      for (std::size_t j = 0; j < panel_width; ++j) {
        panel[p * panels.stride + r * panel_width + j] = clean(load(row + j) * multiplier);
      }
    }
  }
}

inline void pack_columns(const float* in, std::ptrdiff_t column_stride, std::size_t rows,
                         float* panel) {
  for (std::size_t j = 0; j < panel_width; ++j) {
    const float* column = in + static_cast<std::ptrdiff_t>(j) * column_stride;
    for (std::size_t r = 0; r < rows; ++r) panel[r * panel_width + j] = load(column + r);
  }
}

inline void panel_max_abs(const float* panel, std::size_t rows, float* out) {
  for (std::size_t i = 0; i < rows * panel_width; ++i) {
    float& best = out[i % panel_width];
    best = std::max(best, std::fabs(panel[i]));
  }
}

struct Pair {
  float q0, q1;
};

inline Pair round_alone(float t0, float t1) {
  return {std::nearbyint(std::clamp(t0, -127.0f, 127.0f)),
          std::nearbyint(std::clamp(t1, -127.0f, 127.0f))};
}

// The rule: when the rounded pair passes ±128, take the pair on the line q0 + q1 = ±128 that is
// nearest to (t0, t1).
inline Pair round_pair(float t0, float t1) {
  const Pair alone = round_alone(t0, t1);
  const float sum = alone.q0 + alone.q1;
  if (!(std::fabs(sum) > 128.0f)) return alone;
  const float half = std::copysign(64.0f, sum);
  const float apart = (std::clamp(t0, -512.0f, 512.0f) - std::clamp(t1, -512.0f, 512.0f)) * 0.5f;
  const float q0 = std::clamp(std::nearbyint(half + apart), half - 63.0f, half + 63.0f);
  return {q0, (half + half) - q0};
}

inline void panel_max_pair_sum(const float* panel, std::size_t rows, const float* inverse,
                               float* out) {
  for (std::size_t r = 0; r < rows; r += 2) {
    for (std::size_t j = 0; j < panel_width; ++j) {
      const float* at = panel + r * panel_width + j;
      const Pair q = round_alone(at[0] * inverse[j], at[panel_width] * inverse[j]);
      out[j] = std::max(out[j], std::fabs(q.q0 + q.q1));
    }
  }
}

inline void panel_pair_errors(const float* panel, std::size_t rows, const float* inverses,
                              std::size_t candidates, double* errors) {
  for (std::size_t c = 0; c < candidates * panel_width; ++c) {
    const std::size_t j = c % panel_width;
    for (std::size_t first = 0; first < rows; first += block_rows) {
      float sum = 0;
      for (std::size_t r = first; r < std::min(rows, first + block_rows); r += 2) {
        const float t0 = panel[r * panel_width + j] * inverses[c];
        const float t1 = panel[(r + 1) * panel_width + j] * inverses[c];
        const Pair q = round_pair(t0, t1);
        const float e0 = q.q0 - t0;
        const float e1 = q.q1 - t1;
        sum += e0 * e0 + e1 * e1;
      }
      errors[c] += static_cast<double>(sum);
    }
  }
}

inline void panel_quantize_pairs(const float* panel, std::size_t rows, const float* inverse,
                                 std::byte* out) {
  for (std::size_t r = 0; r < rows; r += 2) {
    for (std::size_t j = 0; j < panel_width; ++j) {
      const std::size_t at = r * panel_width + j;
      const Pair q = round_pair(panel[at] * inverse[j], panel[at + panel_width] * inverse[j]);
      out[at] = static_cast<std::byte>(static_cast<int>(q.q0) & 0xff);
      out[at + panel_width] = static_cast<std::byte>(static_cast<int>(q.q1) & 0xff);
    }
  }
}

inline void panel_quantize(const float* panel, std::size_t rows, const float* scale, float limit,
                           int offset, std::byte* out) {
  for (std::size_t i = 0; i < rows * panel_width; ++i) {
    out[i] = quantize_value(panel[i], scale[i % panel_width], limit, offset);
  }
}

}  // namespace octet::kernels::scalar
