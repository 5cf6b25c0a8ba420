// Run a model on data.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "octet/data.hpp"
#include "octet/model_source.hpp"
#include "octet/progress.hpp"
#include "octet/runtime.hpp"

namespace octet {

// One output over all rows of the data.
using Prediction = Array;

struct PredictOptions {
  DataOptions data;
  std::int64_t batch = 0;  // rows in one call; 0: all of them, or as many as the model fixes
  RuntimeOptions runtime;
  ProgressCallback progress;
};

[[nodiscard]] std::vector<Prediction> predict(const ModelSource& model,
                                              const PredictOptions& options = {});

// One document per format, as text or bytes, ready for a file or stdout.
[[nodiscard]] std::string to_csv(
    const std::vector<Prediction>& outputs);  // one line a row, outputs side by side
[[nodiscard]] std::string to_jsonl(const std::vector<Prediction>& outputs);  // one object a row
[[nodiscard]] std::string to_npy(const Prediction& output);                  // numpy format 1.0

}  // namespace octet
