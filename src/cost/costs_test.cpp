#include "cost/costs.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "cost/targets.hpp"

namespace octet::cost {
namespace {

const std::vector<std::string_view>& every_cpu() {
  static const std::vector<std::string_view> all(cpu_targets().begin(), cpu_targets().end());
  return all;
}

// --- what was measured, and what therefore must hold ---

TEST(Costs, LargeProductsPayOnEveryCpuAtAnyRows) {
  for (const std::int64_t rows : {0, 1, 16, 128}) {
    EXPECT_TRUE(Costs::of("portable").product({768, 3072, rows}).pays()) << rows;
  }
}

TEST(Costs, NarrowProductsPayNowhere) {
  for (const std::string_view cpu : every_cpu()) {
    for (const std::int64_t rows : {1, 128}) {
      EXPECT_FALSE(Costs::of(cpu).product({768, 2, rows}).pays()) << cpu << rows;
      EXPECT_FALSE(Costs::of(cpu).product({768, 8, rows}).pays()) << cpu << rows;
    }
  }
}

// Quantizing K numbers a row costs more than sixteen columns save: 1.85 was measured at 24 rows.
TEST(Costs, TallAndNarrowProductsDoNotPayAtAnyRows) {
  for (const std::int64_t rows : {1, 24, 128}) {
    EXPECT_FALSE(Costs::of("portable").product({2400, 16, rows}).pays()) << rows;
    EXPECT_FALSE(Costs::of("amx_int8").product({2400, 16, rows}).pays()) << rows;
  }
}

TEST(Costs, RowsDecideOnAmx) {
  const Costs amx = Costs::of("amx_int8");
  EXPECT_FALSE(amx.product({120, 384, 1}).pays());   // 1.27 measured
  EXPECT_TRUE(amx.product({120, 384, 8}).pays());    // 0.69
  EXPECT_FALSE(amx.product({384, 128, 1}).pays());   // 1.05
  EXPECT_TRUE(amx.product({128, 128, 16}).pays());   // 0.83
  EXPECT_TRUE(amx.product({128, 128, 128}).pays());  // 0.55
}

TEST(Costs, RowsThatNobodyKnowsCountAsTheWorseOfOneAndMany) {
  for (const std::string_view cpu : every_cpu()) {
    const Costs costs = Costs::of(cpu);
    for (const auto& [k, n] : {std::pair{128, 384}, {2400, 32}, {512, 512}, {64, 64}}) {
      const double one = costs.product({k, n, 1}).ratio();
      const double many = costs.product({k, n, 128}).ratio();
      EXPECT_EQ(costs.product({k, n, 0}).ratio(), std::max(one, many)) << cpu << k << n;
    }
  }
}

TEST(Costs, DeepConvolutionsPayOnEveryCpuAndThoseOfThreeChannelsOnNone) {
  for (const std::string_view cpu : every_cpu()) {
    const Costs costs = Costs::of(cpu);
    EXPECT_TRUE(costs.convolution({1, 256, 256, 14 * 14, 14 * 14, 9, 1}).pays()) << cpu;
    EXPECT_TRUE(costs.convolution({1, 512, 512, 7 * 7, 7 * 7, 9, 1}).pays()) << cpu;
    EXPECT_FALSE(costs.convolution({1, 3, 64, 224 * 224, 112 * 112, 49, 4}).pays()) << cpu;
  }
}

// 64 channels, 3x3: 0.45 at 56x56, 0.61 at 112x112, 0.77 at 224x224 were measured.
TEST(Costs, AWiderIm2colIsWorse) {
  for (const std::string_view cpu : every_cpu()) {
    const Costs costs = Costs::of(cpu);
    const auto ratio = [&](std::int64_t side) {
      return costs.convolution({1, 64, 64, side * side, side * side, 9, 1}).ratio();
    };
    EXPECT_LT(ratio(56), ratio(112)) << cpu;
    EXPECT_LT(ratio(112), ratio(224)) << cpu;
  }
}

TEST(Costs, LargeLstmsPayOnEveryCpuAndTinyOnesOnNone) {
  for (const std::int64_t steps : {0, 1, 100}) {
    EXPECT_TRUE(Costs::of("portable").lstm({512, 512, steps}).pays()) << steps;
  }
  for (const std::string_view cpu : {"avx2", "avx512", "avx512_vnni", "amx_int8"}) {
    EXPECT_FALSE(Costs::of(cpu).lstm({32, 32, 1}).pays()) << cpu;
  }
  EXPECT_FALSE(Costs::of("amx_int8").lstm({64, 64, 100}).pays());   // 0.98 measured
  EXPECT_FALSE(Costs::of("amx_int8").lstm({128, 128, 1}).pays());   // 1.03 to 1.11
  EXPECT_TRUE(Costs::of("amx_int8").lstm({128, 128, 100}).pays());  // 0.65
}

// Rows of int8 save memory, not time: what a lookup costs more has to be weighed.
TEST(Costs, ALookupOfInt8RowsTakesLongerOnEveryCpu) {
  for (const std::string_view cpu : every_cpu()) {
    for (const std::int64_t ids : {0, 1, 128}) {
      EXPECT_LT(Costs::of(cpu).lookup({768, ids}).gain_ns(), 0) << cpu << ids;
    }
  }
}

// --- sense ---

TEST(Costs, MoreWorkNeverTakesLess) {
  for (const std::string_view cpu : every_cpu()) {
    const Costs costs = Costs::of(cpu);
    for (std::int64_t n = 1; n < 4096; n *= 2) {
      const Estimate less = costs.product({n, n, n});
      EXPECT_GT(less.int8_ns, 0);
      for (const Product& more : {Product{2 * n, n, n}, {n, 2 * n, n}, {n, n, 2 * n}}) {
        EXPECT_GE(costs.product(more).float_ns, less.float_ns) << cpu << n;
        EXPECT_GE(costs.product(more).int8_ns, less.int8_ns) << cpu << n;
      }
      EXPECT_GT(costs.lookup({n, 2 * n}).int8_ns, costs.lookup({n, n}).int8_ns);
      EXPECT_GT(costs.lstm({n, n, 2 * n}).int8_ns, costs.lstm({n, n, n}).int8_ns);
    }
  }
}

}  // namespace
}  // namespace octet::cost
