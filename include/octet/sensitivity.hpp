// Which layers of a model suffer from INT8, on whose account, and what each saves.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "octet/data.hpp"
#include "octet/model_source.hpp"
#include "octet/plan.hpp"
#include "octet/progress.hpp"
#include "octet/quantize.hpp"
#include "octet/runtime.hpp"
#include "octet/tolerances.hpp"

namespace octet {

struct SensitivityOptions {
  PlanOptions planning;
  std::optional<Plan> plan;  // of this one; else of one made by `planning`
  Tolerances tolerances;     // for the plan as a whole
  double seconds = 60;       // for measuring; what is not reached is estimated
  DataOptions data;
  unsigned threads = 0;  // for making candidates; never changes the result
  RuntimeOptions runtime;
  ProgressCallback progress;
};

// One layer: a node, or several that read one weight and change together.
//
// Errors are noise-to-signal ratios: the squared error of the worst output as a share of the
// reference's square (of labels, the share that differs). Errors of layers measured alone add up to
// about the error of all together.
struct LayerSensitivity {
  std::vector<std::string> nodes;  // as selectors and plans name them
  std::string op;                  // of the first
  std::string form;
  std::uint64_t bytes_saved = 0;
  double error = 0;         // when it alone is quantized
  double max_abs_diff = 0;  // likewise, the largest of any output; 0 where estimated
  // When its weights alone are rounded and the product is one of floats; what `error` has above it
  // comes from rounding the layer's input. nullopt: not measured.
  std::optional<double> weight_error;
  double error_left = 0;  // expected when this layer and all above it stay float
  // Error and bytes were measured of a block of layers, and shared out by their bytes.
  bool estimated = false;
  // "weights", "input", "no effect" (nothing in these data depends on it: perhaps a branch that was
  // not taken), or empty where it is not known.
  std::string cause;
  // Columns of the layer's input whose largest magnitude is above six times the median column's:
  // one scale for the whole tensor serves them and starves the others.
  std::vector<std::int64_t> outlier_columns;
};

struct SensitivityReport {
  std::string model;
  std::string data;  // "rows.npy (200 rows)", "seeded inputs (seed 0, 32 rows)"
  bool made_up = false;
  std::uint64_t rows = 0;
  std::vector<LayerSensitivity> layers;  // the most sensitive first
  double error = 0;                      // of the whole plan, measured
  double max_abs_diff = 0;
  bool passed = false;  // the whole plan, under the tolerances
  std::string reason;   // when it did not pass
  // The fewest of the worst that were kept float in a plan that was run and passed, and what that
  // plan came to. Empty: the whole passes, or none of those tried did.
  std::vector<std::string> keep_float;
  double max_abs_diff_left = 0;
  bool complete = true;     // false: the time ended before every layer that matters was alone
  std::uint64_t tried = 0;  // models that were run
  double seconds = 0;
  std::string runtime_version;
  std::vector<std::string> warnings;
};

// Nothing is written. Throws Error when the model cannot be read, no ONNX Runtime is found, the
// float model does not run on the data, or draws random numbers.
[[nodiscard]] SensitivityReport sensitivity(const ModelSource& model,
                                            const SensitivityOptions& options = {});

// The report as one JSON object: the fields of SensitivityReport by name.
[[nodiscard]] std::string to_json(const SensitivityReport& report);

}  // namespace octet
