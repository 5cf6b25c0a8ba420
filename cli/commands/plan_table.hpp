// A plan for people: what happens to how many weights, and what stays float and why.
#pragma once

#include <string>

#include "environment.hpp"
#include "octet/plan.hpp"

namespace octet::cli {

[[nodiscard]] std::string forms_table(const Environment& environment, const octet::Plan& plan);
[[nodiscard]] std::string floats_table(const Environment& environment, const octet::Plan& plan);
// One line a decision: node, weight, form, reason.
[[nodiscard]] std::string decisions_table(const Environment& environment, const octet::Plan& plan,
                                          std::size_t most);
// "[512, 256]"
[[nodiscard]] std::string shape_text(const std::vector<std::int64_t>& shape);

}  // namespace octet::cli
