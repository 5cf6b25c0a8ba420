// Quantizes a contiguous tensor whose channel axis lies in the middle: Conv, ConvTranspose,
// anything that is stored and not multiplied in integers.
#pragma once

#include <cstddef>

#include "quant/encoding.hpp"

namespace octet::quant {

// Element (o, c, i) is data[(o * channels + c) * inner + i]. [M,C,kh,kw] by M: outer 1, channels M.
// ConvTranspose [C,M,kh,kw] by M: outer C, channels M. LSTM [D,4H,I]: outer 1, channels D*4H. A
// whole tensor: outer 1, channels 1. The caller has checked that outer * channels * inner floats
// are there; they may be misaligned.
struct ChannelView {
  const float* data = nullptr;
  std::size_t outer = 1;
  std::size_t channels = 1;
  std::size_t inner = 1;
};

// Quantizes channels [first, last) into bytes of the same layout. Same scales, rounding, special
// values and errors as quantize_columns; Range::pair is treated as full, because no neighbours are
// added. per_tensor reads scales[0].
void quantize_channels(const ChannelView& in, std::size_t first, std::size_t last,
                       const Encoding& encoding, float multiplier, std::byte* out, float* scales);

// The one scale of the whole tensor.
[[nodiscard]] float tensor_scale(const ChannelView& in, const Encoding& encoding, float multiplier);

}  // namespace octet::quant
