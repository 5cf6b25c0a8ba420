#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "kernels/every_target_test.hpp"
#include "kernels/scalar.hpp"

namespace octet::kernels {
namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float nan = std::numeric_limits<float>::quiet_NaN();

// Every exponent and random mantissas: subnormals, infinities and NaN included.
std::vector<float> any_bits(std::size_t count, std::uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<float> values(count);
  for (float& value : values) value = std::bit_cast<float>(static_cast<std::uint32_t>(random()));
  return values;
}

TEST(Targets, AreAllSeenByTheseTests) {
  std::set<std::string> seen;
  on_every_target([&] { seen.insert(std::string(target_name())); });
  for (const auto& name : seen) RecordProperty(name, "seen");
  EXPECT_FALSE(seen.empty());
  EXPECT_TRUE(seen.contains(std::string(target_name())));
}

TEST(AllFinite, FindsOneBadValueAtEveryPosition) {
  on_every_target([] {
    for (const std::size_t count : {1u, 7u, 8u, 33u, 600u}) {
      std::vector<float> values(count, std::numeric_limits<float>::max());
      EXPECT_TRUE(all_finite(values));
      for (std::size_t i = 0; i < count; ++i) {
        for (const float bad : {nan, -nan, infinity, -infinity}) {
          values[i] = bad;
          ASSERT_FALSE(all_finite(values)) << i << " of " << count;
        }
        values[i] = -1e-40f;
      }
    }
    EXPECT_TRUE(all_finite({}));
  });
}

TEST(LargestBits, EqualTheScalarTwins) {
  on_every_target([] {
    EXPECT_EQ(largest_bits({}), 0U);
    for (std::uint32_t seed = 0; seed < 40; ++seed) {
      const auto values = any_bits(seed * 3 + 1, seed);
      ASSERT_EQ(largest_bits(values), scalar::largest_bits(values));
    }
  });
}

TEST(MaxAbs, SkipsNanAndEqualsTheScalarTwin) {
  on_every_target([] {
    EXPECT_EQ(max_abs({}), 0);
    EXPECT_EQ(max_abs(std::vector<float>{nan, -3, nan, 2}), 3);
    EXPECT_EQ(max_abs(std::vector<float>(20, nan)), 0);
    EXPECT_EQ(max_abs(std::vector<float>{1, -infinity, nan}), infinity);
    for (std::uint32_t seed = 0; seed < 40; ++seed) {
      const auto values = any_bits(seed * 3 + 1, seed);
      ASSERT_EQ(max_abs(values), scalar::max_abs(values));
    }
  });
}

TEST(Float16, RoundsToNearestEven) {
  const auto half = [](float value) { return scalar::to_float16(value); };
  EXPECT_EQ(half(0.0f), 0x0000);
  EXPECT_EQ(half(-0.0f), 0x8000);
  EXPECT_EQ(half(1.0f), 0x3c00);
  EXPECT_EQ(half(1.0f + 0x1p-11f), 0x3c00);             // a tie goes to even …
  EXPECT_EQ(half(1.0f + 0x1.8p-10f), 0x3c02);           // … upwards too
  EXPECT_EQ(half(1.0f + 0x1p-11f + 0x1p-20f), 0x3c01);  // just above the tie
  EXPECT_EQ(half(65504.0f), 0x7bff);
  EXPECT_EQ(half(65519.996f), 0x7bff);
  EXPECT_EQ(half(65520.0f), 0x7c00);
  EXPECT_EQ(half(-1e30f), 0xfc00);
  EXPECT_EQ(half(0x1p-14f), 0x0400);
  EXPECT_EQ(half(0x1p-24f), 0x0001);
  EXPECT_EQ(half(0x1p-25f), 0x0000);  // a tie with zero goes to zero
  EXPECT_EQ(half(0x1.000002p-25f), 0x0001);
  EXPECT_EQ(half(0x1.ff8p-15f), 0x03ff);
  EXPECT_EQ(half(0x1.ffcp-15f), 0x0400);  // rounds up out of the subnormals
  EXPECT_EQ(half(infinity), 0x7c00);
  EXPECT_EQ(half(nan), 0x7e00);
  EXPECT_EQ(half(std::bit_cast<float>(0xff812345u)), 0xfe00);
}

TEST(Float16, EqualsTheScalarTwinOnEveryTarget) {
  // All exponents with mantissas around every rounding decision, in an odd number of values.
  std::vector<float> values;
  for (std::uint32_t top = 0; top < (1u << 13); ++top) {
    for (const std::uint32_t low : {0u, 1u, 0xfffu, 0x1000u, 0x1001u, 0x1fffu, 0x2000u, 0x3000u}) {
      values.push_back(std::bit_cast<float>((top << 19) | low));
    }
  }
  values.push_back(1.5f);
  std::vector<std::byte> expected(2 * values.size());
  EXPECT_FALSE(scalar::to_float16(values, expected.data()));
  on_every_target([&] {
    std::vector<std::byte> out(2 * values.size() + 1);
    EXPECT_FALSE(to_float16(values, out.data() + 1));  // misaligned on purpose
    EXPECT_EQ(std::memcmp(out.data() + 1, expected.data(), expected.size()), 0);
  });
}

TEST(Float16, TellsAFiniteValueThatDidNotStayFinite) {
  on_every_target([] {
    std::vector<std::byte> out(200);
    std::vector<float> values(100, 65519.0f);
    values[3] = infinity;
    values[50] = nan;
    EXPECT_TRUE(to_float16(values, out.data()));
    for (std::size_t i = 0; i < values.size(); ++i) {
      auto one_large = values;
      one_large[i] = -65520.0f;
      ASSERT_FALSE(to_float16(one_large, out.data())) << i;
    }
  });
}

TEST(QuantizeSpan, EqualsTheScalarTwinOnEveryTarget) {
  on_every_target([] {
    for (std::uint32_t seed = 0; seed < 60; ++seed) {
      const auto values = any_bits(seed + 1, seed);
      for (const int offset : {0, 128}) {
        const SpanQuantization how{seed % 2 ? -1.5f : 1.0f, seed % 3 ? 0.01f : 1e36f,
                                   seed % 5 ? 127.0f : 64.0f, offset};
        std::vector<std::byte> out(values.size()), expected(values.size());
        quantize_span(values, how, out.data());
        scalar::quantize_span(values, how, expected.data());
        ASSERT_EQ(out, expected) << seed;
      }
    }
  });
}

TEST(QuantizeSpan, ReadsMisalignedWeights) {
  on_every_target([] {
    std::vector<float> values(40);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i) - 20;
    std::vector<std::byte> shifted(values.size() * 4 + 1);
    std::memcpy(shifted.data() + 1, values.data(), values.size() * 4);
    const auto* misaligned = reinterpret_cast<const float*>(shifted.data() + 1);
    std::vector<std::byte> out(40), expected(40);
    quantize_span({misaligned, 40}, {1, 0.5f, 127, 0}, out.data());
    quantize_span(values, {1, 0.5f, 127, 0}, expected.data());
    EXPECT_EQ(out, expected);
    EXPECT_EQ(max_abs({misaligned, 40}), 20);
    EXPECT_TRUE(all_finite({misaligned, 40}));
  });
}

}  // namespace
}  // namespace octet::kernels
