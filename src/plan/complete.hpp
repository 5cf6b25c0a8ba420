// A plan that came from outside, as the report shows it.
#pragma once

#include <vector>

#include "forms/site.hpp"
#include "octet/plan.hpp"

namespace octet::plan {

// Bytes of every weight before and after, written into the first decision that reads it.
// decisions[i] speaks of sites[i].
void count_bytes(const graph::Graph& graph, const std::vector<forms::Site>& sites,
                 std::vector<octet::Decision>& decisions);

// `plan` with a decision for every site of the model, bytes counted, and reasons that are true: the
// planner's own where the decision is the planner's, else "plan". What the plan leaves out is
// float, with the reason "undecided".
[[nodiscard]] octet::Plan complete(const graph::Graph& graph, const octet::Plan& plan);

}  // namespace octet::plan
