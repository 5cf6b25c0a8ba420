// Quantizes a weight matrix column by column, straight into the memory of the output.
//
// The bytes depend on the weights, the encoding and the multiplier only: not on strides, on how the
// columns are split between calls, on threads or on the instruction set. Formulas:
// docs/numerics.md.
#pragma once

#include <cstddef>

#include "quant/encoding.hpp"
#include "quant/matrix_view.hpp"

namespace octet::quant {

// Quantizes columns [first, last) of `in`. The result stands for multiplier * w: q * scale, with q
// the byte at out.at(k, n), minus 128 for Kind::uint8. Scales are normal floats, above zero; a
// column whose plain scale would be below the smallest normal float has scale 1 and q = 0. Rows 2i
// and 2i+1 of `in` are the pairs of Range::pair.
//   per_channel: writes scales[n] for n in [first, last).
//   per_tensor:  reads scales[0], which tensor_scale() gave; writes none.
// `scales` may be misaligned. NaN counts as 0 and an infinity as the largest float: check
// kernels::all_finite first. Calls on disjoint columns may run on different threads; ranges that
// begin at multiples of 16 are fastest. Scratch memory is at most 1.3 MiB. Throws
// Error{invalid_argument} for a range outside the matrix or a per_tensor scale that is not a
// positive normal float.
void quantize_columns(const MatrixView& in, std::size_t first, std::size_t last,
                      const Encoding& encoding, float multiplier, const ByteMatrix& out,
                      float* scales);

// The one scale of the whole matrix, searched like a column's when the pair rule is at work.
// threads 0: all.
[[nodiscard]] float tensor_scale(const MatrixView& in, const Encoding& encoding, float multiplier,
                                 unsigned threads = 1);

}  // namespace octet::quant
