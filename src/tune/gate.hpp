// The gate: a plan is delivered when its model answers like the float model, or not at all.
#pragma once

#include "forms/survey.hpp"
#include "octet/quantize.hpp"

namespace octet::tuning {

struct Passage {
  octet::Plan plan;  // as given, or mended
  octet::Gate gate;
  bool flush = false;  // it passes without its subnormal weights too
};

// Holds the plan's model against the float model and mends it where it does not pass. Where that
// is not wanted (options.gate, options.prove) or cannot be done (no ONNX Runtime, a model that
// draws noise, is too large, or runs on no inputs at hand) gate.status is unknown and gate.detail
// says why.
[[nodiscard]] Passage pass(const octet::ModelSource& model, const forms::Survey& survey,
                           octet::Plan plan, const octet::QuantizeOptions& options);

}  // namespace octet::tuning
