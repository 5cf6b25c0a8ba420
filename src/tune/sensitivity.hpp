// How much each part of a plan takes the answers from the float model's, measured alone.
#pragma once

#include "forms/survey.hpp"
#include "octet/sensitivity.hpp"
#include "tune/candidates.hpp"

namespace octet::tuning {

// Parts are measured block by block, the worst blocks split until single layers are left or
// `seconds` are over; blocks that carry next to nothing are not split. Fills layers, error,
// max_abs_diff, passed, reason, complete and tried. Throws what the progress callback's refusal
// throws.
[[nodiscard]] octet::SensitivityReport rank(Candidates& candidates, const forms::Survey& survey,
                                            const octet::Plan& plan, double seconds);

// Adds the outlier columns of the inputs of layers that suffer from theirs. Layers whose input is
// not a value of the main graph, and models with external data, are left without.
void find_outliers(const Candidates& candidates, const forms::Survey& survey,
                   octet::SensitivityReport& report);

}  // namespace octet::tuning
