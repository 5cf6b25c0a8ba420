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

// One output over all rows of the data. A sequence of maps (ZipMap's) has a row for each map and a
// column for each key, which `keys` names; other sequences are stacked. Outputs that cannot be laid
// out so are left out.
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
    const std::vector<Prediction>&
        outputs);  // one line a row, outputs side by side, columns of maps by key
[[nodiscard]] std::string to_jsonl(
    const std::vector<Prediction>& outputs);                 // one object a row, maps as objects
[[nodiscard]] std::string to_npy(const Prediction& output);  // numpy format 1.0

}  // namespace octet
