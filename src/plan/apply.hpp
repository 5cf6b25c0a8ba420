// From a Plan to edits.
#pragma once

#include "forms/survey.hpp"
#include "graph/overlay.hpp"
#include "octet/plan.hpp"

namespace octet::plan {

// Carries every decision out and returns the plan in full: with shapes, bytes, and a decision for
// every node it did not name. Throws Error{invalid_argument} with every complaint in one message
// (read_plan.hpp); the overlay is then untouched.
octet::Plan apply(const forms::Survey& survey, const octet::Plan& plan, graph::Overlay& overlay,
                  unsigned threads = 0, const forms::Checkpoint& checkpoint = {});

}  // namespace octet::plan
