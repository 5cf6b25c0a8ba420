// Two sessions timed against each other on one feed, after both have answered the same.
#pragma once

#include <cstdint>

#include "data/inputs.hpp"
#include "octet/bench.hpp"
#include "runtime/session.hpp"

namespace octet::measure {

// Appends a BatchComparison and its doubts to `report`, and raises report.max_abs_diff. Throws
// Error{invalid_data} when the outputs of the two differ in name, type or shape.
void bench_sessions(const runtime::Session& baseline, const runtime::Session& candidate,
                    const data::Feed& feed, std::int64_t batch, const octet::BenchOptions& options,
                    octet::BenchReport& report);

}  // namespace octet::measure
