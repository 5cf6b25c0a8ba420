// The few statistics a benchmark needs; docs/numerics.md, "Bench statistics".
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace octet::measure {

// Type 7 of Hyndman and Fan (numpy's default): linear between the order statistics. `sorted` is
// ascending; 0 when empty; p in 0 … 1.
[[nodiscard]] double quantile(std::span<const double> sorted, double p);
[[nodiscard]] double median(std::vector<double> values);

struct Interval {
  double estimate = 1;
  double low = 1;
  double high = 1;
};

// The median with its 95 % percentile interval from a circular block bootstrap: neighbours in time
// stay together (blocks of about n^(1/3)), because slow spells of a machine make neighbouring
// samples alike and an ordinary bootstrap would then be too sure. Same values and seed, same
// interval.
[[nodiscard]] Interval bootstrap_median(std::span<const double> values, std::uint64_t seed = 0);

// The geometric mean of a few ratios that stand for themselves, each measured with sessions of its
// own, with a 95 % interval by Student's t; and the wider one that a verdict needs, 99.8 %.
// `least_spread`: a standard deviation of logarithms that is known to be there.
struct TurnRatio {
  Interval interval;
  double sure_low = 1;
  double sure_high = 1;
};
[[nodiscard]] TurnRatio ratio_of_turns(std::span<const double> ratios, double least_spread = 0);

// Standard deviation of the logarithms; 0 of fewer than two.
[[nodiscard]] double spread_of_turns(std::span<const double> ratios);

// Differences below this are called none, however narrow the interval: a second load of the very
// same model differs by as much through the placement of its memory.
inline constexpr double least_difference = 0.02;

// "faster" or "slower" when the interval excludes 1 and the estimate is least_difference away from
// it, else "no difference".
[[nodiscard]] std::string verdict(const Interval& ratio);

// Of several: "slower" when any is, else "cannot tell" when any is, else "faster" when any is, else
// "no difference".
[[nodiscard]] std::string verdict(std::span<const std::string> verdicts);

}  // namespace octet::measure
