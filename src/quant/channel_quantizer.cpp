#include "quant/channel_quantizer.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <span>

#include "kernels/kernels.hpp"
#include "kernels/scalar.hpp"
#include "octet/error.hpp"
#include "quant/plain_scale.hpp"

namespace octet::quant {

namespace {

Range stored_range(const Encoding& encoding) {
  return encoding.range == Range::reduced ? Range::reduced : Range::full;
}

std::span<const float> run(const ChannelView& in, std::size_t outer, std::size_t channel) {
  return {in.data + (outer * in.channels + channel) * in.inner, in.inner};
}

// max |clean(w * multiplier)|: rounding is monotonic, so the product of the largest is the largest
// product.
float scaled_max(float largest, float multiplier) {
  return std::fabs(kernels::scalar::clean(largest * multiplier));
}

float channel_scale(const ChannelView& in, std::size_t channel, const Encoding& encoding,
                    float multiplier) {
  float largest = 0;
  for (std::size_t o = 0; o < in.outer; ++o) {
    largest = std::max(largest, kernels::max_abs(run(in, o, channel)));
  }
  return plain_scale(scaled_max(largest, multiplier), stored_range(encoding));
}

}  // namespace

void quantize_channels(const ChannelView& in, std::size_t first, std::size_t last,
                       const Encoding& encoding, float multiplier, std::byte* out, float* scales) {
  if (first > last || last > in.channels) {
    throw Error(ErrorCode::invalid_argument, "quantize_channels: channels outside the tensor");
  }
  kernels::SpanQuantization how;
  how.multiplier = multiplier;
  how.limit = encoding.range == Range::reduced ? 64.0f : 127.0f;
  how.offset = encoding.kind == Kind::uint8 ? 128 : 0;
  for (std::size_t c = first; c < last; ++c) {
    if (encoding.granularity == Granularity::per_tensor) {
      std::memcpy(&how.scale, static_cast<const void*>(scales), sizeof(float));
      if (!std::isnormal(how.scale) || how.scale < 0) {
        throw Error(ErrorCode::invalid_argument,
                    "quantize_channels: the scale of the tensor is not a positive normal float; "
                    "take it from tensor_scale()");
      }
    } else {
      how.scale = channel_scale(in, c, encoding, multiplier);
      std::memcpy(static_cast<void*>(scales + c), &how.scale, sizeof(float));
    }
    for (std::size_t o = 0; o < in.outer; ++o) {
      const auto values = run(in, o, c);
      kernels::quantize_span(values, how, out + (values.data() - in.data));
    }
  }
}

float tensor_scale(const ChannelView& in, const Encoding& encoding, float multiplier) {
  const float largest = kernels::max_abs({in.data, in.outer * in.channels * in.inner});
  return plain_scale(scaled_max(largest, multiplier), stored_range(encoding));
}

}  // namespace octet::quant
