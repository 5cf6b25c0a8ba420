#include "quant/pair_search.hpp"

#include <gtest/gtest.h>

#include <array>

namespace octet::quant {
namespace {

TEST(PairSearch, TriesTheFactorsThatNumericsPromises) {
  PairSearch search(3, 192);  // the interval is 1 … 1.5
  ASSERT_TRUE(search.needed());
  const std::array factors = {1.0, 1 + 0.5 * (4.0 / 12), 1 + 0.5 * (8.0 / 12), 1.5, 0.9375};
  for (std::size_t i = 0; i < factors.size(); ++i) {
    EXPECT_EQ(search.candidate(0, i), static_cast<float>(3 * factors[i])) << i;
  }
  search.judge(0, std::array{5.0, 4.0, 3.0, 2.0, 2.0});  // 1.5 wins: the first of equals
  EXPECT_FLOAT_EQ(search.candidate(1, 0), 3 * (1.5f - 0.5f / 6));
  EXPECT_FLOAT_EQ(search.candidate(1, 1), 3 * (1.5f + 0.5f / 6));
  search.judge(1, std::array{1.0, 1.5});
  EXPECT_FLOAT_EQ(search.candidate(2, 1), 3 * (1.5f - 0.5f / 12));
  search.judge(2, std::array{1.0, 1.0});  // no better: the winner stays
  EXPECT_FLOAT_EQ(search.scale(), 3 * (1.5f - 0.5f / 6));
}

TEST(PairSearch, IsNotNeededUpTo128) {
  const PairSearch search(3, 128);
  EXPECT_FALSE(search.needed());
  EXPECT_EQ(search.scale(), 3);
}

TEST(PairSearch, NeverLeavesTheNormalFloats) {
  const float tiny = std::numeric_limits<float>::min();
  EXPECT_EQ(PairSearch(tiny, 254).candidate(0, 4), tiny);
}

}  // namespace
}  // namespace octet::quant
