// Rates from measured times: non-negative least squares of the relative error.
#pragma once

#include <span>
#include <vector>

#include "cost/formula.hpp"

namespace octet::bench {

struct Sample {
  cost::Terms terms = {};
  double ns = 0;  // measured
};

struct Fit {
  cost::Terms rates = {};
  double rms = 0;    // of (predicted − measured) / measured
  double worst = 0;  // the largest magnitude of it
};

// Of the first `terms` rates; the first (the call) is always above 0. Needs at least as many
// samples as terms.
[[nodiscard]] Fit fit(std::span<const Sample> samples, std::size_t terms);

[[nodiscard]] double predict(const cost::Terms& terms, const cost::Terms& rates);

}  // namespace octet::bench
