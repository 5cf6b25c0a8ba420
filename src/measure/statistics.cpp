#include "measure/statistics.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/random.hpp"

namespace octet::measure {
namespace {

constexpr std::size_t resamples = 1000;

std::size_t below(base::Random& random, std::size_t bound) {
  return static_cast<std::size_t>(((random.next() >> 32) * bound) >> 32);
}

// Type 7 without sorting everything.
double fast_median(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*std::max_element(values.begin(), middle) + *middle) / 2;
}

}  // namespace

double quantile(std::span<const double> sorted, double p) {
  if (sorted.empty()) return 0;
  const double position = std::clamp(p, 0.0, 1.0) * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  const double part = position - static_cast<double>(below);
  return sorted[below] + part * (sorted[above] - sorted[below]);
}

double median(std::vector<double> values) {
  return values.empty() ? 0 : fast_median(values);
}

Interval bootstrap_median(std::span<const double> values, std::uint64_t seed) {
  const std::size_t n = values.size();
  if (n == 0) return {};
  const double estimate = median({values.begin(), values.end()});
  const auto length =
      std::max<std::size_t>(1, static_cast<std::size_t>(std::cbrt(static_cast<double>(n))));
  base::Random random(seed);
  std::vector<double> medians;
  std::vector<double> sample;
  for (std::size_t r = 0; r < resamples; ++r) {
    sample.clear();
    while (sample.size() < n) {
      const std::size_t start = below(random, n);
      const std::size_t take = std::min(length, n - sample.size());
      for (std::size_t i = 0; i < take; ++i) sample.push_back(values[(start + i) % n]);
    }
    medians.push_back(fast_median(sample));
  }
  std::sort(medians.begin(), medians.end());
  return {estimate, quantile(medians, 0.025), quantile(medians, 0.975)};
}

namespace {

double mean_log(std::span<const double> ratios) {
  double sum = 0;
  for (const double ratio : ratios) sum += std::log(ratio);
  return sum / static_cast<double>(ratios.size());
}

// Student's t of 1 to 9 degrees of freedom.
constexpr std::array t_975 = {12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262};
constexpr std::array t_999 = {318.31, 22.327, 10.215, 7.173, 5.893, 5.208, 4.785, 4.501, 4.297};

}  // namespace

double spread_of_turns(std::span<const double> ratios) {
  if (ratios.size() < 2) return 0;
  const double mean = mean_log(ratios);
  double sum = 0;
  for (const double ratio : ratios) sum += (std::log(ratio) - mean) * (std::log(ratio) - mean);
  return std::sqrt(sum / static_cast<double>(ratios.size() - 1));
}

TurnRatio ratio_of_turns(std::span<const double> ratios, double least_spread) {
  if (ratios.size() < 2) return {};
  const double mean = mean_log(ratios);
  const double error = std::max(spread_of_turns(ratios), least_spread) /
                       std::sqrt(static_cast<double>(ratios.size()));
  const std::size_t freedom = std::min(ratios.size() - 1, t_975.size()) - 1;
  const double half = t_975.at(freedom) * error;
  const double sure = t_999.at(freedom) * error;
  return {{std::exp(mean), std::exp(mean - half), std::exp(mean + half)},
          std::exp(mean - sure),
          std::exp(mean + sure)};
}

std::string verdict(const Interval& ratio) {
  if (ratio.high < 1 && ratio.estimate <= 1 - least_difference) return "faster";
  if (ratio.low > 1 && ratio.estimate >= 1 + least_difference) return "slower";
  return "no difference";
}

std::string verdict(std::span<const std::string> verdicts) {
  for (const char* word : {"slower", "cannot tell", "faster"}) {
    if (std::find(verdicts.begin(), verdicts.end(), word) != verdicts.end()) return word;
  }
  return "no difference";
}

}  // namespace octet::measure
