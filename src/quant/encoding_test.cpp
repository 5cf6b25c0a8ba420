#include "quant/encoding.hpp"

#include <gtest/gtest.h>

namespace octet::quant {
namespace {

TEST(Encoding, HasANameForEveryValueAndFindsItAgain) {
  for (const std::string& name : kind_names()) EXPECT_EQ(quant::name(*kind_named(name)), name);
  for (const std::string& name : range_names()) EXPECT_EQ(quant::name(*range_named(name)), name);
  for (const std::string& name : granularity_names())
    EXPECT_EQ(quant::name(*granularity_named(name)), name);
  EXPECT_EQ(kind_names().size(), 4U);
  EXPECT_FALSE(kind_named("int4"));
  EXPECT_FALSE(range_named(""));
}

TEST(Encoding, SaysWhatDoesNotFitTogether) {
  EXPECT_FALSE(contradiction({}));
  EXPECT_FALSE(contradiction(float16_encoding));
  EXPECT_FALSE(contradiction(float32_encoding));
  EXPECT_TRUE(contradiction({Kind::int8, Range::none, Granularity::per_channel}));
  EXPECT_TRUE(contradiction({Kind::uint8, Range::full, Granularity::none}));
  EXPECT_TRUE(contradiction({Kind::float16, Range::full, Granularity::none}));
  EXPECT_TRUE(contradiction({Kind::float32, Range::none, Granularity::per_tensor}));
}

TEST(Encoding, GivesTheShapeOfEveryPartBeforeAWeightIsRead) {
  const auto filters = parts({}, {96, 64, 3, 3}, {0, 1});
  ASSERT_EQ(filters.size(), 2U);
  EXPECT_EQ(filters[0].dims, (std::vector<std::int64_t>{96, 64, 3, 3}));
  EXPECT_EQ(filters[1].dims, (std::vector<std::int64_t>{96, 1, 1, 1}));
  EXPECT_EQ(parts({}, {64, 80}, {1, 2})[1].dims, (std::vector<std::int64_t>{80}));
  const Encoding per_tensor{Kind::uint8, Range::full, Granularity::per_tensor};
  EXPECT_TRUE(parts(per_tensor, {64, 80}, {1, 2})[1].dims.empty());
  EXPECT_EQ(parts(float16_encoding, {64, 80}, {1, 2}).size(), 1U);
}

TEST(Encoding, CountsTheBytesOfAllParts) {
  EXPECT_EQ(encoded_bytes({}, {64, 80}, {1, 2}), 64U * 80U + 4U * 80U);
  EXPECT_EQ(encoded_bytes(float16_encoding, {64, 80}, {1, 2}), 2U * 64U * 80U);
  EXPECT_EQ(encoded_bytes(float32_encoding, {64, 80}, {1, 2}), 4U * 64U * 80U);
}

}  // namespace
}  // namespace octet::quant
