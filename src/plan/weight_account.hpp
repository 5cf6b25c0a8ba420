// What becomes of every constant float tensor of a model.
#pragma once

#include <string>
#include <vector>

#include "forms/survey.hpp"
#include "octet/plan.hpp"
#include "octet/quantize.hpp"

namespace octet::plan {

// One for each constant of the graph, by its id; those that are no floats, and those that no node
// reads, have an empty form. `plan` names every node, as apply gives it.
[[nodiscard]] std::vector<octet::WeightAccount> weight_accounts(const forms::Survey& survey,
                                                                const octet::Plan& plan);

// Puts the accounts of float tensors into the report, and their sums: those below 1 KiB together.
void account_weights(const forms::Survey& survey, octet::QuantizeReport& report);

// What the options ask for and the report does not give; "" when it does.
[[nodiscard]] std::string shortfall(const octet::QuantizeReport& report,
                                    const octet::QuantizeOptions& options);

}  // namespace octet::plan
