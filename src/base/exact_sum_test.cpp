#include "base/exact_sum.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace octet::base {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

double sum_of(const std::vector<double>& values) {
  ExactSum sum;
  for (const double value : values) sum.add(value);
  return sum.value();
}

TEST(ExactSum, LosesNothingThatDoublesLose) {
  EXPECT_EQ(sum_of({1e100, 1, -1e100}), 1);
  EXPECT_EQ(sum_of({1, 1e-300, -1}), 1e-300);
  EXPECT_EQ(sum_of({5e-324, 5e-324}), 1e-323);
  EXPECT_EQ(sum_of({-3.5, 1.25}), -2.25);
  EXPECT_EQ(sum_of({-1e-310, -2.5}), -2.5);
  EXPECT_EQ(sum_of({1.7e308, -1.7e308}), 0);
  EXPECT_EQ(sum_of({}), 0);
}

TEST(ExactSum, TakesInfinityAndNaNAsDoublesDo) {
  EXPECT_EQ(sum_of({1, infinity, 2}), infinity);
  EXPECT_EQ(sum_of({-infinity}), -infinity);
  EXPECT_TRUE(std::isnan(sum_of({infinity, -infinity})));
  EXPECT_TRUE(std::isnan(sum_of({std::numeric_limits<double>::quiet_NaN(), 1})));
}

// The oracle is long double, whose 64 bits hold these sums to within a part in 10^16.
TEST(ExactSum, IsTheSameInAnyOrderAndGrouping) {
  std::mt19937 random(1);  // NOLINT: the same numbers every time
  std::normal_distribution<double> normal;
  std::vector<double> values;
  long double oracle = 0;
  for (int i = 0; i < 5000; ++i) {
    values.push_back(std::ldexp(normal(random), i % 80 - 40));
    oracle += values.back();
  }
  const double whole = sum_of(values);
  EXPECT_NEAR(whole, static_cast<double>(oracle), 1e-12 * std::abs(whole));
  for (const std::size_t cut : {std::size_t{0}, std::size_t{1}, std::size_t{1234}}) {
    ExactSum first, second;
    for (std::size_t i = 0; i < values.size(); ++i) (i < cut ? first : second).add(values[i]);
    ExactSum read;
    ASSERT_TRUE(read.read(second.digits(), second.unbounded()));
    first.add(read);
    EXPECT_EQ(first.value(), whole);
  }
  std::reverse(values.begin(), values.end());
  EXPECT_EQ(sum_of(values), whole);
}

TEST(ExactSum, ReadsOnlyWhatItWrites) {
  ExactSum sum;
  EXPECT_FALSE(sum.read({1, 2, 3}, 0));
  std::vector<std::int64_t> digits = ExactSum().digits();
  digits[0] = std::numeric_limits<std::int64_t>::max();
  EXPECT_FALSE(sum.read(digits, 0));
  EXPECT_EQ(sum.value(), 0);
}

}  // namespace
}  // namespace octet::base
