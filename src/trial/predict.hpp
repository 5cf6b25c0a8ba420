// A model run on all feeds of a trial.
#pragma once

#include <vector>

#include "octet/predict.hpp"

namespace octet::trial {

// The work of octet::predict.
[[nodiscard]] std::vector<octet::Prediction> predict(const octet::ModelSource& model,
                                                     const octet::PredictOptions& options);

}  // namespace octet::trial
