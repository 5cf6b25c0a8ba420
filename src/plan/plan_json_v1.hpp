// Version 1 of the plan: one decision for every weight that every node reads.
#pragma once

#include "octet/plan.hpp"
#include "plan/json_fields.hpp"

namespace octet::plan {

// The decisions of one node, wherever they stand, become one. Throws Error{invalid_argument}.
[[nodiscard]] std::vector<Decision> decisions_of_version_1(const Json& list,
                                                           const std::string& label);

}  // namespace octet::plan
