// One choice for each part, so that the sum of a gain is largest within bounds of the others.
#pragma once

#include <limits>
#include <optional>

#include "tune/parts.hpp"

namespace octet::tuning {

enum class Objective { latency, size, error };

struct Bounds {
  double bytes = std::numeric_limits<double>::infinity();  // of the parts' weights
  double error = std::numeric_limits<double>::infinity();
  double time_us = std::numeric_limits<double>::infinity();
};

struct Sums {
  double bytes = 0;
  double error = 0;
  double time_us = 0;
};

[[nodiscard]] Sums sums_of(const Parts& parts, const Selection& selection);

// The selection with the least of the objective within the bounds that Lagrange multipliers find,
// made better by single changes as long as one does; of equals the one found first. nullopt: none
// was found. Deterministic.
[[nodiscard]] std::optional<Selection> pack(const Parts& parts, Objective objective,
                                            const Bounds& bounds);

}  // namespace octet::tuning
