// Two models timed against each other on the feeds of a trial.
#pragma once

#include "octet/bench.hpp"

namespace octet::trial {

// The work of octet::bench.
[[nodiscard]] octet::BenchReport bench(const octet::ModelSource& baseline,
                                       const octet::ModelSource& candidate,
                                       const octet::BenchOptions& options);

}  // namespace octet::trial
