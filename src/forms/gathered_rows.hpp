// im2col as one Gather: which rows of a channels-last picture every position of a convolution's
// output reads, tap by tap.
#pragma once

#include <string>
#include <vector>

#include "forms/conv_operands.hpp"
#include "forms/emitter.hpp"

namespace octet::forms {

// Adds what gives the index [out …, kernel …] into the rows of `padded` [batch, size …, channels],
// the axes between the first and the last taken as one. Where sizes are known these are constants
// that ONNX Runtime adds up at load (a few hundred numbers in the file instead of one for every
// position and tap), and of the output's first axis only `band` is read; else they are computed at
// run time, for the whole output. Gives the index's name.
struct Band {
  std::int64_t first = 0;
  std::int64_t count = 0;
};
[[nodiscard]] std::string emit_rows(Emitter& emitter, const std::vector<Slide>& axes,
                                    const std::string& padded, const Band& band);
// Of `count` bands of nearly equal height, the one with this number.
[[nodiscard]] Band band_of(const std::vector<Slide>& axes, std::int64_t number, std::int64_t count);

// Convolutions with equal text, of pictures of equal sizes, gather the same rows.
[[nodiscard]] std::string to_text(const std::vector<Slide>& axes);

}  // namespace octet::forms
