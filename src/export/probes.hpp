// Rows on which a wrong export would show: on thresholds and beside them, at the edges of scales,
// missing values, categories known and unknown, numbers far away.
#pragma once

#include <cstdint>

#include "steps/predictor.hpp"

namespace octet::exporting {

// `count` rows, the same ones for the same seed. Numbers are float32's unless `all_double`.
[[nodiscard]] steps::Rows probe_rows(const steps::Program& program, std::size_t count,
                                     std::uint64_t seed, bool all_double);

}  // namespace octet::exporting
