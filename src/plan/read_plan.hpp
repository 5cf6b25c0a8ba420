// From a Plan to drafts: every decision is honoured, or there is a complaint.
#pragma once

#include "plan/draft.hpp"

namespace octet::plan {

// The drafts that say what the plan says; weights and nodes it does not name stay as they are.
// Reads the weights it changes. Throws Error{invalid_argument} with every complaint in one message:
// nodes and weights the model does not have, what a form cannot do there, weights whose readers do
// not agree, bytes that could saturate on the plan's target.
[[nodiscard]] Drafts read(const forms::Survey& survey, const octet::Plan& plan, unsigned threads,
                          const forms::Checkpoint& checkpoint);

}  // namespace octet::plan
