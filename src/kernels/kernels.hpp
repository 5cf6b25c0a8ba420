// SIMD loops over floats: on every instruction set they give the bytes of the scalar twins in
// scalar.hpp.
//
// Pointers to float may be misaligned (weights lie anywhere in a mapped file). Nothing here
// allocates or throws. Rounding is to nearest, ties to even (the default mode of the processor is
// assumed and never changed).
//
// A panel is the unit of work on a matrix: `rows` rows of panel_width columns, packed, 64 bytes a
// row. Its lanes are columns, so the arithmetic of one column is the same on vectors of any length.
// docs/numerics.md is the contract.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace octet::kernels {

inline constexpr std::size_t panel_width = 16;
inline constexpr std::size_t block_rows =
    256;  // squared errors: float32 inside a block, double across

// The instruction set in use: "AVX2", "NEON", … Valid for the life of the program.
[[nodiscard]] std::string_view target_name();

// --- spans ---

// The largest bit pattern without its sign: the largest magnitude, and from infinity's on the sign
// that some value is not finite. No values give 0.
[[nodiscard]] std::uint32_t largest_bits(std::span<const float> values);
inline constexpr std::uint32_t infinity_bits = 0x7f800000;

[[nodiscard]] inline bool all_finite(std::span<const float> values) {
  return largest_bits(values) < infinity_bits;
}

// Largest magnitude; NaN is skipped, an infinity gives infinity, no values give 0.
[[nodiscard]] float max_abs(std::span<const float> values);

// IEEE binary16; NaN gives sign | 0x7e00, values from 65520 on give infinity. `out` holds
// values.size() halves, may be misaligned. Returns whether every finite value stayed finite.
bool to_float16(std::span<const float> values, std::byte* out);

// out[i] = clamp(round(x / scale), -limit, limit) + offset as one byte, where x = clean(values[i] *
// multiplier). clean() makes NaN 0 and brings infinities to the largest float. Needs a normal
// scale, limit <= 127, offset 0 or 128.
struct SpanQuantization {
  float multiplier = 1;
  float scale = 1;
  float limit = 127;
  int offset = 0;
};
void quantize_span(std::span<const float> values, const SpanQuantization& how, std::byte* out);

// --- panels ---

// `panels` panels side by side, each panel_stride floats behind the one before: whole rows are
// read, because memory gives a wide row several times faster than sixteen columns of it. panel[p *
// panel_stride + r * panel_width + j] = clean(in[r * row_stride + p * panel_width + j] *
// multiplier). With one panel, `in` may be `panel` itself with row_stride panel_width.
struct Panels {
  std::size_t count = 1;
  std::size_t stride = 0;
};
void pack_rows(const float* in, std::ptrdiff_t row_stride, std::size_t rows, float multiplier,
               float* panel, Panels panels = {});

// panel[r][j] = in[j * column_stride + r], unchanged, for all panel_width columns.
void pack_columns(const float* in, std::ptrdiff_t column_stride, std::size_t rows, float* panel);

// out[j] = max(out[j], |panel[r][j]|) over all rows. Values are clean.
void panel_max_abs(const float* panel, std::size_t rows, float* out);

// The pair kernels quantize rows 2i and 2i+1 together: t = w * inverse, rounded, clipped to ±127,
// and when the sum passes ±128, moved to the nearest pair whose sum is ±128 (numerics.md, "The pair
// rule"). `rows` is even; inverse[j] is the reciprocal of the scale of column j, positive and
// finite.

// out[j] = max(out[j], |q(2i) + q(2i+1)|) before the split: above 128, the rule is at work.
void panel_max_pair_sum(const float* panel, std::size_t rows, const float* inverse, float* out);

// errors[c][j] += Σ (q - t)² of column j under candidate c: inverses[c][j]. Rows 0, block_rows, …
// of the panel must be multiples of block_rows in the column.
void panel_pair_errors(const float* panel, std::size_t rows, const float* inverses,
                       std::size_t candidates, double* errors);

// out[r][j] = q, panel_width bytes a row.
void panel_quantize_pairs(const float* panel, std::size_t rows, const float* inverse,
                          std::byte* out);

// out[r][j] = clamp(round(panel / scale[j]), -limit, limit) + offset, panel_width bytes a row.
void panel_quantize(const float* panel, std::size_t rows, const float* scale, float limit,
                    int offset, std::byte* out);

}  // namespace octet::kernels
