#include "data/convert.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "base/half_floats.hpp"
#include "support/claims.hpp"
#include "support/tensor_spec.hpp"

namespace octet::data {
namespace {

using base::ElementType;
using base::Tensor;
using test::holds;
using test::says;

template <typename T>
Tensor numbers(const std::vector<T>& values) {
  const auto spec = test::tensor<T>({static_cast<std::int64_t>(values.size())}, values);
  Tensor out{spec.type, spec.dims, std::vector<std::byte>(spec.raw.size()), {}};
  std::memcpy(out.bytes.data(), spec.raw.data(), spec.raw.size());
  return out;
}

std::string refusal(const Tensor& tensor, ElementType to) {
  return test::refusal(ErrorCode::invalid_data, [&] { (void)convert(tensor, to, "x"); });
}

TEST(Convert, NarrowsFloatsAndWidensIntegers) {
  const auto from_double = convert(numbers<double>({0.1, -2}), ElementType::float32, "x");
  EXPECT_TRUE(holds(from_double.as<float>(), {0.1F, -2}));
  const auto from_bytes = convert(numbers<std::uint8_t>({0, 255}), ElementType::float32, "x");
  EXPECT_TRUE(holds(from_bytes.as<float>(), {0, 255}));
  const auto from_bool = convert(numbers<bool>({true, false}), ElementType::int64, "x");
  EXPECT_TRUE(holds(from_bool.as<std::int64_t>(), {1, 0}));
}

TEST(Convert, TurnsFloatsToIntegersOnlyWhenNothingIsLost) {
  const auto whole = convert(numbers<double>({3, -4}), ElementType::int32, "x");
  EXPECT_TRUE(holds(whole.as<std::int32_t>(), {3, -4}));
  EXPECT_EQ(refusal(numbers<double>({3, 0.5}), ElementType::int64),
            "x: expected int64, found the value 0.5 at element 1");
  (void)refusal(numbers<double>({std::nan("")}), ElementType::int64);
  (void)refusal(numbers<double>({0x1p63}), ElementType::int64);
  (void)refusal(numbers<double>({-1}), ElementType::uint8);
  const auto lowest = convert(numbers<double>({-0x1p63}), ElementType::int64, "x");
  EXPECT_TRUE(holds(lowest.as<std::int64_t>(), {INT64_MIN}));
}

TEST(Convert, RefusesWhatDoesNotFit) {
  EXPECT_TRUE(says(refusal(numbers<std::int64_t>({300}), ElementType::uint8), "the value 300"));
  (void)refusal(numbers<double>({1e300}), ElementType::float32);
  (void)refusal(numbers<float>({70000}), ElementType::float16);
  (void)refusal(numbers<float>({2}), ElementType::boolean);
  EXPECT_TRUE(says(refusal(numbers<float>({2}), ElementType::string), "found float32"));
  EXPECT_TRUE(
      says(refusal({ElementType::string, {1}, {}, {"1"}}, ElementType::float32), "found string"));
}

TEST(Convert, KeepsInfinityAndNan) {
  const auto out = convert(numbers<double>({INFINITY, std::nan("")}), ElementType::float16, "x");
  EXPECT_EQ(out.as<std::uint16_t>()[0], 0x7c00);
  EXPECT_EQ(out.as<std::uint16_t>()[1], 0x7e00);
}

TEST(HalfFloats, EveryFloat16SurvivesTheWayThroughFloat) {
  for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
    const auto half = static_cast<std::uint16_t>(bits);
    const float wide = base::float_from_float16(half);
    if (std::isnan(wide)) continue;
    ASSERT_EQ(base::float16_from_float(wide), half);
  }
}

TEST(HalfFloats, RoundsToNearestEven) {
  EXPECT_EQ(base::float16_from_float(1.0F + 0x1p-11F), 0x3c00);
  EXPECT_EQ(base::float16_from_float(1.0F + 0x1p-11F + 0x1p-20F), 0x3c01);
  EXPECT_EQ(base::float16_from_float(1.0F + 3 * 0x1p-11F), 0x3c02);
  EXPECT_EQ(base::float16_from_float(65519.0F), 0x7bff);
  EXPECT_EQ(base::float16_from_float(65520.0F), 0x7c00);
  EXPECT_EQ(base::float16_from_float(0x1p-25F), 0);
  EXPECT_EQ(base::float16_from_float(0x1.8p-25F), 1);
  EXPECT_EQ(base::bfloat16_from_float(1.0F + 0x1p-8F), 0x3f80);
  EXPECT_EQ(base::bfloat16_from_float(1.0F + 3 * 0x1p-8F), 0x3f82);
}

}  // namespace
}  // namespace octet::data
