// From a model and wishes to a Plan: one decision for every weight that every node reads.
#pragma once

#include "graph/graph.hpp"
#include "octet/plan.hpp"
#include "octet/quantize.hpp"

namespace octet::plan {

// Asks the forms in their order of preference and keeps the first that fits; every refusal becomes
// a reason. Weights read by several nodes get one storage: the readers it does not suit read the
// float that is folded from it. Weights with NaN or infinity stay float. Deterministic. Throws
// Error{invalid_argument} for an unknown option value or a selector that matches nothing.
[[nodiscard]] octet::Plan make(const graph::Graph& graph, const octet::PlanOptions& options);

}  // namespace octet::plan
