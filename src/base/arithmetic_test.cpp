// Checked sizes, element types and parallel loops: small things everything stands on.
#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <vector>

#include "base/checked.hpp"
#include "base/element_type.hpp"
#include "base/parallel.hpp"

namespace octet::base {
namespace {

constexpr std::uint64_t top = UINT64_MAX;

std::optional<std::uint64_t> count(std::vector<std::int64_t> dims) {
  return element_count(dims);
}

TEST(Checked, AnswersNothingInsteadOfWrapping) {
  EXPECT_EQ(checked_add(2, 3), 5U);
  EXPECT_EQ(checked_add(top, 0), top);
  EXPECT_EQ(checked_add(top, 1), std::nullopt);
  EXPECT_EQ(checked_mul(1ULL << 32U, (1ULL << 32U) - 1), top - 0xffffffff);
  EXPECT_EQ(checked_mul(1ULL << 32U, 1ULL << 32U), std::nullopt);
}

TEST(Checked, CountsTheElementsOfAShape) {
  EXPECT_EQ(count({}), 1U);
  EXPECT_EQ(count({2, 3, 4}), 24U);
  EXPECT_EQ(count({5, 0, 7}), 0U);
  EXPECT_EQ(count({INT64_MAX}), static_cast<std::uint64_t>(INT64_MAX));
}

TEST(ElementTypes, HaveANameAndASizeUpToTheLastOfOnnx) {
  for (std::int32_t number = 1; number <= 26; ++number) {
    const auto type = static_cast<ElementType>(number);
    EXPECT_NE(element_name(type), "unknown") << number;
    EXPECT_EQ(packed_bytes(type, 8).has_value(), type != ElementType::string) << number;
    if (element_size(type) != 0) {
      EXPECT_EQ(packed_bytes(type, 8), 8 * element_size(type));
    }
  }
  EXPECT_EQ(element_name(static_cast<ElementType>(27)), "unknown");
  EXPECT_EQ(packed_bytes(static_cast<ElementType>(27), 8), std::nullopt);
}

TEST(ElementTypes, PackWhatIsSmallerThanAByte) {
  EXPECT_EQ(packed_bytes(ElementType::int4, 0), 0U);
  EXPECT_EQ(packed_bytes(ElementType::int4, 1), 1U);
  EXPECT_EQ(packed_bytes(ElementType::uint4, 5), 3U);
  EXPECT_EQ(packed_bytes(ElementType::float4e2m1, 6), 3U);
  EXPECT_EQ(packed_bytes(ElementType::int2, 4), 1U);
  EXPECT_EQ(packed_bytes(ElementType::uint2, 5), 2U);
  EXPECT_EQ(packed_bytes(ElementType::float8e4m3fn, 5), 5U);
}

TEST(Checked, RefusesNegativeAndImpossibleShapes) {
  EXPECT_EQ(count({-1}), std::nullopt);
  EXPECT_EQ(count({0, -1}), std::nullopt);
  EXPECT_EQ(count({INT64_MAX, 2}), std::nullopt);
  EXPECT_EQ(count({1LL << 32, 1LL << 32}), std::nullopt);
  EXPECT_EQ(count({INT64_MIN, 0}), std::nullopt);
}

TEST(ElementType, KnowsSizesAndNames) {
  EXPECT_EQ(element_size(ElementType::float32), 4U);
  EXPECT_EQ(element_size(ElementType::float16), 2U);
  EXPECT_EQ(element_size(ElementType::int8), 1U);
  EXPECT_EQ(element_size(ElementType::complex128), 16U);
  EXPECT_EQ(element_size(ElementType::string), 0U);
  EXPECT_EQ(element_size(static_cast<ElementType>(-5)), 0U);
  EXPECT_EQ(element_name(ElementType::bfloat16), "bfloat16");
  EXPECT_EQ(element_name(static_cast<ElementType>(99)), "unknown");
}

TEST(ParallelFor, RunsEachIndexOnce) {
  for (const unsigned threads : {0U, 1U, 2U, 7U}) {
    std::vector<std::atomic<int>> runs(1000);
    parallel_for(runs.size(), threads, [&](std::size_t i) { ++runs[i]; });
    for (const std::atomic<int>& n : runs) ASSERT_EQ(n, 1);
  }
}

TEST(ParallelFor, DoesNothingForNoIndices) {
  parallel_for(0, 4, [](std::size_t) { FAIL(); });
}

TEST(ParallelFor, RethrowsAndSkipsTheRest) {
  for (const unsigned threads : {1U, 3U}) {
    std::atomic<int> runs = 0;
    const auto task = [&](std::size_t i) {
      ++runs;
      if (i == 5) throw std::runtime_error("five");
    };
    EXPECT_THROW(parallel_for(1000000, threads, task), std::runtime_error);
    EXPECT_LT(runs, 1000000);
    EXPECT_GE(runs, 1);
  }
}

}  // namespace
}  // namespace octet::base
