// From measured differences to a verdict and what to do about it.
#pragma once

#include "octet/parity.hpp"
#include "octet/tolerances.hpp"

namespace octet::measure {

// Throws Error{invalid_argument} for a tolerance that is negative or not a number.
void check_tolerances(const octet::Tolerances& tolerances);

// Fills in `passed` of every output of report.outputs, the figures over all of them, the tolerances
// that would have passed, the verdict, and the next step when it is no.
void judge(octet::ParityReport& report, const octet::Tolerances& tolerances);

}  // namespace octet::measure
