// The search over plans: what parts promise is packed, run, and made better by changes that are
// run as well. What is delivered is never a prediction.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "tune/evaluations.hpp"
#include "tune/knapsack.hpp"
#include "tune/parts.hpp"

namespace octet::tuning {

// A plan that was run.
struct Point {
  Selection selection;
  Judged judged;
  std::optional<Timed> timed;  // of those that passed
  double expected_us = 0;      // of its parts, alone
};

struct Found {
  std::vector<Point> points;        // the float model first
  std::optional<std::size_t> best;  // nullopt: none keeps to all that was asked for
  bool complete = false;            // nothing is left to try
};

struct Wanted {
  Objective objective = Objective::latency;
  std::uint64_t most_bytes = 0;  // of the model; 0: any number
};

// `parts` has times and errors. `float_bytes`: of the model as it is. `go_on`: there is time for
// another plan. `found` is told each plan that is better than all before. The same answers of
// `evaluations` give the same result while time suffices.
[[nodiscard]] Found search(const Parts& parts, Evaluations& evaluations, const Wanted& wanted,
                           std::uint64_t float_bytes, const std::function<bool()>& go_on,
                           const std::function<void(const Point&)>& found);

// Positions of the points that none other beats in size, time and error at once, by size. Those
// that did not pass are not among them.
[[nodiscard]] std::vector<std::size_t> pareto(const std::vector<Point>& points);

}  // namespace octet::tuning
