#include "costs/fit.hpp"

#include <gtest/gtest.h>

#include <random>

namespace octet::bench {
namespace {

std::vector<Sample> samples_of(const cost::Terms& rates, double noise) {
  std::mt19937 random(1);
  std::uniform_real_distribution<double> draw(-noise, noise);
  std::vector<Sample> out;
  for (const std::int64_t k : {32, 64, 200, 700, 2400}) {
    for (const std::int64_t n : {16, 48, 100, 700, 3072}) {
      for (const std::int64_t rows : {1, 4, 16, 128}) {
        const auto terms = cost::terms_of(cost::Product{k, n, rows}, cost::Arithmetic::int8);
        out.push_back({terms, predict(terms, rates) * (1 + draw(random))});
      }
    }
  }
  return out;
}

TEST(Fit, FindsTheRatesThatMadeTheTimes) {
  const cost::Terms rates = {1900, 0.3, 1.8, 0.01, 0.014, 0.2, 0.3, 0.0047};
  const Fit found = fit(samples_of(rates, 0), rates.size());
  for (std::size_t i = 0; i < rates.size(); ++i) {
    EXPECT_NEAR(found.rates.at(i), rates.at(i), 1e-3 * rates.at(i) + 1e-9) << i;
  }
  EXPECT_LT(found.worst, 1e-6);
}

TEST(Fit, IsNotMisledByNoise) {
  const cost::Terms rates = {1900, 0, 1.8, 0.01, 0, 0.2, 0.3, 0.0047};
  const Fit found = fit(samples_of(rates, 0.1), rates.size());
  EXPECT_LT(found.rms, 0.08);
  EXPECT_NEAR(found.rates[0] / rates[0], 1, 0.1);
  EXPECT_NEAR(found.rates[7] / rates[7], 1, 0.1);
}

// Least squares alone would answer a call that takes longer, the longer it runs: a negative rate.
TEST(Fit, IsNeverNegative) {
  std::vector<Sample> falling;
  for (int i = 1; i <= 20; ++i) falling.push_back({{1, double(i)}, 100.0 - i});
  const Fit found = fit(falling, 2);
  EXPECT_GT(found.rates[0], 0);
  EXPECT_EQ(found.rates[1], 0);
}

TEST(Fit, LeavesOutTermsThatNoSampleHas) {
  std::vector<Sample> samples;
  for (int i = 1; i <= 20; ++i) samples.push_back({{1, double(i), 0}, 10.0 + 2 * i});
  const Fit found = fit(samples, 3);
  EXPECT_NEAR(found.rates[1], 2, 1e-9);
  EXPECT_EQ(found.rates[2], 0);
}

}  // namespace
}  // namespace octet::bench
