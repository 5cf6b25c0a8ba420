// From measured differences to a verdict and what to do about it.
#pragma once

#include <cstdint>
#include <optional>

#include "octet/parity.hpp"
#include "octet/tolerances.hpp"

namespace octet::measure {

// Throws Error{invalid_argument} for a tolerance that is negative or not a number.
void check_tolerances(const octet::Tolerances& tolerances);

// Fills in `passed` of every output of report.outputs, the figures over all of them, the tolerances
// that would have passed, the verdict, and the next step when it is no.
void judge(octet::ParityReport& report, const octet::Tolerances& tolerances);

// The row of the data that the output farthest away was worst on; nothing where all are equal.
[[nodiscard]] std::optional<std::uint64_t> worst_input_row(const octet::ParityReport& report);

}  // namespace octet::measure
