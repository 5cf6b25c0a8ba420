// From a Plan to edits.
#pragma once

#include "graph/overlay.hpp"
#include "octet/plan.hpp"

namespace octet::plan {

// Carries every decision out. Throws Error{invalid_argument} naming the decision when the plan
// speaks of a node or weight the model does not have, or asks for what a form cannot do.
void apply(const octet::Plan& plan, graph::Overlay& overlay);

}  // namespace octet::plan
