#include "quant/channel_quantizer.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "octet/error.hpp"
#include "quant/weights_test.hpp"

namespace octet::quant {
namespace {

// The same tensor through quantize_columns: every (outer, inner) is a row.
Quantized by_columns(const std::vector<float>& weights, const ChannelView& view,
                     const Encoding& encoding, float multiplier) {
  std::vector<float> rows(weights.size());
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const std::size_t channel = i / view.inner % view.channels;
    const std::size_t row = i / view.inner / view.channels * view.inner + i % view.inner;
    rows[row * view.channels + channel] = weights[i];
  }
  return quantize(row_major(rows, view.channels), encoding, multiplier);
}

TEST(Channels, GiveTheNumbersOfColumns) {
  for (const auto& [outer, channels, inner] : std::vector<std::array<std::size_t, 3>>{
           {1, 1, 40}, {1, 9, 27}, {5, 4, 9}, {3, 17, 1}, {6, 1, 16}}) {
    auto weights = weights_of(outer * channels * inner, 8);
    weights[0] = std::numeric_limits<float>::quiet_NaN();
    weights.back() = -std::numeric_limits<float>::infinity();
    const ChannelView view{weights.data(), outer, channels, inner};
    for (const Kind kind : {Kind::int8, Kind::uint8}) {
      for (const Range range : {Range::full, Range::reduced}) {
        for (const auto granularity : {Granularity::per_channel, Granularity::per_tensor}) {
          const Encoding encoding{kind, range, granularity};
          const auto expected = by_columns(weights, view, encoding, -0.7f);
          std::vector<float> scales(expected.scales.size());
          if (granularity == Granularity::per_tensor)
            scales[0] = tensor_scale(view, encoding, -0.7f);
          std::vector<std::byte> bytes(weights.size());
          for (std::size_t c = 0; c < channels; ++c) {
            quantize_channels(view, c, c + 1, encoding, -0.7f, bytes.data(), scales.data());
          }
          EXPECT_EQ(scales, expected.scales);
          for (std::size_t i = 0; i < bytes.size(); ++i) {
            const std::size_t channel = i / inner % channels;
            const std::size_t row = i / inner / channels * inner + i % inner;
            ASSERT_EQ(bytes[i], expected.bytes[row * channels + channel]) << i;
          }
        }
      }
    }
  }
}

TEST(Channels, OutsideTheTensorAreRefused) {
  const std::vector<float> weights(8, 1);
  std::vector<std::byte> bytes(8);
  float scale = 0;
  EXPECT_THROW(quantize_channels({weights.data(), 1, 2, 4}, 0, 3, {}, 1, bytes.data(), &scale),
               Error);
  const Encoding per_tensor{.granularity = Granularity::per_tensor};
  EXPECT_THROW(
      quantize_channels({weights.data(), 1, 2, 4}, 0, 2, per_tensor, 1, bytes.data(), &scale),
      Error);
}

}  // namespace
}  // namespace octet::quant
