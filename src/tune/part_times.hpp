// The time that each choice of each part takes, alone.
#pragma once

#include <cstdint>
#include <functional>

#include "tune/candidates.hpp"
#include "tune/node_times.hpp"
#include "tune/parts.hpp"

namespace octet::tuning {

struct TimesSpent {
  std::uint64_t measured = 0;    // nodes
  std::uint64_t remembered = 0;  // of the cache
};

// Fills Choice::time_us. A product is measured beside its float operator for a part of
// `speed_seconds`; weights that are only stored small are folded when the model is loaded, and
// take what floats take. What cannot be measured (speed_seconds 0, no more time, a node that cannot
// be cut out) is reckoned: the planner's own products at less than floats, others at more.
[[nodiscard]] TimesSpent measure_times(Parts& parts, const Candidates& candidates,
                                       const forms::Survey& survey,
                                       const octet::QuantizeOptions& options, double speed_seconds,
                                       TimeCache& cache, const std::function<bool()>& go_on);

}  // namespace octet::tuning
