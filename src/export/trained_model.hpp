// Trained models for the calls that take them: export, predict, parity.
#pragma once

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
[[nodiscard]] std::vector<base::NamedTensor> predict_trained(const ModelSource& source,
                                                             const DataOptions& data);

// The source is a file that begins like a trained model.
[[nodiscard]] bool is_trained(const ModelSource& source);

}  // namespace octet::exporting
