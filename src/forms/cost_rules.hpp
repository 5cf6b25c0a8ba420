// When INT8 pays: the numbers every form's `consider` uses, each with the measurement behind it.
// bench/cost_rules re-measures them. Times are ONNX Runtime on AVX2, one thread, float / INT8.
#pragma once

#include <cstdint>

namespace octet::forms::cost {

// dynamic_matmul: columns. The kernel pads N to 16: [768,2] at 128 rows takes 35 µs in float and 62
// µs in INT8.
inline constexpr std::int64_t min_columns = 16;
// dynamic_matmul: (K - column_overhead)·N. A column costs INT8 its rescaling and its bias, whatever
// K: about what forty float products cost. At one row, with bias and Relu, on AVX-512 VNNI:
// [192,192] takes 0.90 of float, [320,96] 0.96, [64,2048] 0.95; [128,256] 1.08, [256,96] 1.15,
// [64,512] 1.33. [256,128] takes 0.94 alone, but a whole model that has it took 1.02 to 1.04. On
// AVX2 float is slower and the line lies lower.
inline constexpr std::int64_t column_overhead = 40;
inline constexpr std::int64_t min_products = 28 * 1024;
[[nodiscard]] constexpr bool int8_products_pay(std::int64_t k, std::int64_t n) {
  return n >= min_columns && (k - column_overhead) * n >= min_products;
}
// embedding_rows: columns. Below, a row's 4-byte scale eats what its int8 elements save.
inline constexpr std::int64_t min_row_length = 16;
// embedding_rows: bytes of the table. Below, the memory saved is not worth three more nodes.
inline constexpr std::uint64_t min_table_bytes = 1024 * 1024;
// embedding_rows: weights the model multiplies in INT8 for every column of its tables. A lookup
// costs 0.1 ns a column and 0.6 µs more than in float (128 ids of 768: 10 µs); an INT8 product
// gains at least 0.006 ns. Below, the table is stored small and gathered as float.
inline constexpr std::int64_t min_products_per_column = 64;
// folded: bytes of the weight. Two nodes and a scale cost 200–300 bytes of file and a fold at load.
inline constexpr std::uint64_t min_folded_bytes = 4 * 1024;
// folded: bytes of the weight from which int8 is taken instead of float16. Below, float16 costs a
// few KB more and rounds about thirty times finer: on a detector of small convolutions, 0.008
// instead of 0.053 at the outputs for 8 % more file.
inline constexpr std::uint64_t min_int8_bytes = 32 * 1024;
// folded: weights that share a scale. A depthwise 3x3 filter has nine: int8 with its scale takes 13
// bytes, float16 18.
inline constexpr std::uint64_t min_per_scale = 32;

}  // namespace octet::forms::cost
