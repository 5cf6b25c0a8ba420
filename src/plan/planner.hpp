// From a model and wishes to a Plan: one decision for every node that reads weights.
#pragma once

#include "cost/costs.hpp"
#include "forms/survey.hpp"
#include "octet/plan.hpp"
#include "octet/quantize.hpp"

namespace octet::plan {

struct MakeOptions {
  unsigned threads = 0;  // to look at weights with; never changes the plan
  forms::Checkpoint checkpoint;
};

// Collects what every form offers at every node and takes the offers that gain most, without
// overlap; what costs time (lookups) is paid for by what wins it. Other weights are stored small
// where that is worth it. Every refusal becomes a reason. Weights with NaN or infinity stay float.
// Deterministic. Throws Error{invalid_argument} for an unknown option value or a selector that
// matches nothing.
[[nodiscard]] octet::Plan make(const forms::Survey& survey, const octet::PlanOptions& options,
                               const MakeOptions& how = {});

}  // namespace octet::plan
