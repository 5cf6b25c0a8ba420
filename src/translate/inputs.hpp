// What a fitted model says of the data it takes.
#pragma once

#include <string>
#include <vector>

#include "steps/program.hpp"
#include "translate/estimator.hpp"

namespace octet::translate {

// As many as it was fitted on, named as it names them, else x0, x1 …
[[nodiscard]] std::vector<steps::DataColumn> data_columns(const Estimator& model);

// Whether a pipeline (or any other model) ends in something that predicts.
[[nodiscard]] bool is_predictor(const Estimator& model);

// "scikit-learn 1.4.2", of whatever says so.
[[nodiscard]] std::vector<std::string> versions_of(const Records& records, const Estimator& model);

}  // namespace octet::translate
