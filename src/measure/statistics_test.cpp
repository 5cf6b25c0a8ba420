#include "measure/statistics.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace octet::measure {
namespace {

// 90 % and 25 % of Python's statistics.quantiles(…, method="inclusive").
TEST(Quantile, IsLinearBetweenOrderStatistics) {
  const std::vector<double> sorted = {1, 3, 4, 4.5, 7, 9, 20};
  EXPECT_NEAR(quantile(sorted, 0.9), 13.4, 1e-12);
  EXPECT_NEAR(quantile(sorted, 0.25), 3.5, 1e-12);
  EXPECT_EQ(quantile(sorted, 0), 1);
  EXPECT_EQ(quantile(sorted, 1), 20);
  EXPECT_EQ(quantile({}, 0.5), 0);
}

TEST(Median, NeedsNoOrder) {
  EXPECT_EQ(median({3, 1, 2}), 2);
  EXPECT_EQ(median({4, 1, 3, 2}), 2.5);
  EXPECT_EQ(median({}), 0);
}

// Ratios of a model against itself, or against one `effect` times as slow: noise is log-normal with
// slow spells, as on a shared machine. The engine's numbers are fixed by the standard.
std::vector<double> synthetic_ratios(double effect, double noise, unsigned seed) {
  std::mt19937 engine(seed);
  const auto uniform = [&] { return (static_cast<double>(engine()) + 0.5) / 4294967296.0; };
  const auto normal = [&] {
    return std::sqrt(-2 * std::log(uniform())) * std::cos(6.283185307179586 * uniform());
  };
  std::vector<double> out;
  double spell = 0;
  for (int i = 0; i < 400; ++i) {
    spell = 0.8 * spell + 0.6 * normal();
    out.push_back(effect * std::exp(noise * (0.7 * spell + 0.7 * normal())));
  }
  return out;
}

TEST(Verdict, IsNoDifferenceForAModelAgainstItself) {
  for (unsigned seed = 0; seed < 40; ++seed) {
    const Interval interval = bootstrap_median(synthetic_ratios(1, 0.05, seed));
    EXPECT_EQ(verdict(interval), "no difference") << seed;
  }
}

TEST(Verdict, SeesARealDifferenceThroughTheNoise) {
  for (unsigned seed = 0; seed < 10; ++seed) {
    EXPECT_EQ(verdict(bootstrap_median(synthetic_ratios(0.9, 0.05, seed))), "faster") << seed;
    EXPECT_EQ(verdict(bootstrap_median(synthetic_ratios(1.1, 0.05, seed))), "slower") << seed;
  }
}

TEST(Verdict, CallsADifferenceTooSmallToMatterNone) {
  EXPECT_EQ(verdict(Interval{0.985, 0.984, 0.986}), "no difference");
  EXPECT_EQ(verdict(Interval{0.975, 0.97, 0.98}), "faster");
  EXPECT_EQ(verdict(Interval{1.2, 0.99, 1.4}), "no difference");
  EXPECT_EQ(verdict(Interval{1.02, 1.01, 1.03}), "slower");
}

TEST(Verdict, TheSlowestBatchSpeaksForAll) {
  const std::vector<std::string> mixed = {"faster", "slower", "no difference"};
  EXPECT_EQ(verdict(mixed), "slower");
  EXPECT_EQ(verdict(std::span(mixed).first(1)), "faster");
  EXPECT_EQ(verdict(std::span(mixed).last(1)), "no difference");
}

TEST(Bootstrap, GivesTheSameIntervalEveryTime) {
  const auto values = synthetic_ratios(1, 0.1, 7);
  const Interval a = bootstrap_median(values);
  const Interval b = bootstrap_median(values);
  EXPECT_EQ(a.low, b.low);
  EXPECT_EQ(a.high, b.high);
  EXPECT_LT(a.low, a.estimate);
  EXPECT_GT(a.high, a.estimate);
  EXPECT_NE(bootstrap_median(values, 1).low, a.low);
}

TEST(Bootstrap, CoversTheTruthAboutAsOftenAsItSays) {
  int covered = 0;
  for (unsigned seed = 100; seed < 200; ++seed) {
    const Interval interval = bootstrap_median(synthetic_ratios(1, 0.05, seed));
    covered += interval.low <= 1 && 1 <= interval.high ? 1 : 0;
  }
  EXPECT_GE(covered, 85);  // an ordinary bootstrap: fewer, because neighbours are alike
}

TEST(Bootstrap, OneValueIsItsOwnInterval) {
  const Interval one = bootstrap_median(std::vector<double>{0.5});
  EXPECT_EQ(one.low, 0.5);
  EXPECT_EQ(one.high, 0.5);
  EXPECT_EQ(bootstrap_median({}).estimate, 1);
}

// Computed in Python with numpy and the table of Student's t.
TEST(RatioOfTurns, IsTheMeanOfLogarithmsWithStudentsInterval) {
  const std::vector<double> ratios = {1.0, 1.1, 0.9, 1.05, 0.97};
  const TurnRatio found = ratio_of_turns(ratios);
  EXPECT_NEAR(found.interval.estimate, 1.001657, 1e-4);
  EXPECT_NEAR(found.interval.low, 0.910762, 1e-4);
  EXPECT_NEAR(found.interval.high, 1.101625, 1e-4);
  EXPECT_NEAR(found.sure_low, 0.783393, 1e-3);
  EXPECT_LT(ratio_of_turns(ratios, 0.5).interval.low, 0.6);
}

}  // namespace
}  // namespace octet::measure
