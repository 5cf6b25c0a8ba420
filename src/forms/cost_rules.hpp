// When INT8 pays: the numbers every form's `consider` uses, each with the measurement behind it.
// bench/cost_rules re-measures them. Times are ONNX Runtime on AVX2, one thread, float / INT8.
#pragma once

#include <cstdint>

namespace octet::forms::cost {

// dynamic_matmul: columns. The kernel pads N to 16: [768,2] at 128 rows takes 35 µs in float and 62
// µs in INT8.
inline constexpr std::int64_t min_columns = 16;
// dynamic_matmul: K·N. [64,64] at 128 rows: 15.9 against 17.4 µs; [64,256]: 47 against 34 µs;
// [256,256] at one row: 8.8 against 6.8 µs.
inline constexpr std::int64_t min_products = 16 * 1024;
// embedding_rows: columns. Below, a row's 4-byte scale eats what its int8 elements save.
inline constexpr std::int64_t min_row_length = 16;
// embedding_rows: bytes of the table. Three more nodes a lookup (about 20 µs at 128 ids) must buy
// something.
inline constexpr std::uint64_t min_table_bytes = 64 * 1024;
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
