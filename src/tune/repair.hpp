// A plan whose model answers too far from the float model's, mended where it hurts: the parts of
// it that carry the error are found and get precision back, the others stay as they were.
//
// Parts are measured alone, the worst first: a block of decisions is carried out by itself, and the
// block with the largest error is split until single decisions are left. Errors measured so add up
// to about that of the whole, so that few decisions have to be given back. What is delivered is
// never a prediction: every plan is run before it is believed.
#pragma once

#include <string>
#include <vector>

#include "forms/survey.hpp"
#include "octet/plan.hpp"
#include "tune/candidates.hpp"

namespace octet::tuning {

struct Mended {
  octet::Plan plan;
  octet::ParityReport report;         // of that plan
  std::vector<std::string> repaired;  // nodes that got precision back, the worst first
};

// `report` is that of `plan`, and not passed. The result's report says whether it passes now; when
// it does not, it is the best plan found. Tries plans for about `seconds`; deterministic but for
// where the time ends. Throws what the progress callback's refusal throws.
[[nodiscard]] Mended repair(Candidates& candidates, const forms::Survey& survey,
                            const octet::Plan& plan, octet::ParityReport report, double seconds);

}  // namespace octet::tuning
