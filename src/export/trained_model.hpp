// Trained models for the calls that take them: export, predict, parity.
#pragma once

#include <string>
#include <vector>

#include "base/tensor.hpp"
#include "octet/export.hpp"
#include "steps/precision.hpp"
#include "translate/model.hpp"

namespace octet::exporting {

[[nodiscard]] translate::Model read_trained(const ModelSource& source,
                                            const ExportOptions& options = {});

// The predictor's answers to all rows of the data, named and typed like the exported model's
// outputs.
struct TrainedAnswers {
  std::vector<base::NamedTensor> outputs;
  std::string sensitivity;  // of translate::Model
};
[[nodiscard]] TrainedAnswers predict_trained(const ModelSource& source, const DataOptions& data);

// The source is a file that begins like a trained model.
[[nodiscard]] bool is_trained(const ModelSource& source);

}  // namespace octet::exporting
