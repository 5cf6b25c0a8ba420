// The error that each choice of each part brings, measured on the whole model.
#pragma once

#include <functional>

#include "tune/evaluations.hpp"
#include "tune/parts.hpp"

namespace octet::tuning {

// Fills Choice::error. Blocks of parts are carried out alone, the worst are split until single
// parts are left; blocks that bring next to nothing, and what is left when `go_on` says no, are
// shared out by the bytes of their weights. Choices that do not run are taken out.
void measure_errors(Parts& parts, Evaluations& evaluations, const std::function<bool()>& go_on);

}  // namespace octet::tuning
