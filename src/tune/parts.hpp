// What tune chooses between: the parts of a model, and for each the ways it can be had.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "forms/survey.hpp"
#include "octet/plan.hpp"
#include "octet/quantize.hpp"

namespace octet::tuning {

// One way to have a part: computed in INT8, stored small, or as it is.
struct Choice {
  std::vector<octet::Decision> decisions;  // of the part's nodes, in the order of Part::at
  std::size_t source = 0;                  // the alternative it was found in
  std::uint64_t bytes = 0;                 // of its weights
  double time_us = 0;                      // of a run, measured alone or reckoned
  double error = 0;                        // of the answers, when this part alone is so
};

// Nodes that read one weight and must agree about it, or a single node.
struct Part {
  std::vector<std::size_t> at;  // positions in every plan
  std::string kind;             // parts of one kind take the same time: operator and shapes
  std::vector<Choice> choices;  // the first: as it is, in floats
};

struct Parts {
  octet::Plan base;  // the plan as it would be made without tuning
  std::vector<Part> parts;
  // For each part the position of its choice in `base`.
  std::vector<std::size_t> base_choices;
};

// Every choice comes out of a plan that could be made whole: the planner's own, one that computes
// wherever it can whatever the costs, and ones that only store, in INT8 or in float16; each within
// what the user's selectors allow. Parts that are float in all of them are left out.
[[nodiscard]] Parts parts_of(const forms::Survey& survey, const octet::PlanOptions& options,
                             unsigned threads);

// One choice for each part, by position.
using Selection = std::vector<std::size_t>;

[[nodiscard]] octet::Plan plan_of(const Parts& parts, const Selection& selection);

}  // namespace octet::tuning
