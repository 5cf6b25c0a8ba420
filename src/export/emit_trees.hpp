// Decision trees as operators of ai.onnx.ml.
#pragma once

#include <optional>
#include <string>

#include "export/emitter.hpp"
#include "onnx/compact_trees.hpp"

namespace octet::exporting {

// How an operator's nodes compare: all of them in one way, which is ONNX Runtime's fast one.
struct TreeNumbers {
  bool below = false;  // x < threshold; else x <= threshold
  bool in_double = false;
};

[[nodiscard]] bool asks_below(const steps::Forest& forest);

// The number to compare with so that no value changes sides: a double threshold rounded to the
// largest float32 that is not above it, and "below" said as "at most".
[[nodiscard]] double exact_threshold(double threshold, bool below, TreeNumbers as);

// The attributes of TreeEnsembleRegressor.
[[nodiscard]] Attributes tree_attributes(const steps::Forest& forest, bool in_double);

// A forest for TreeEnsemble of ai.onnx.ml 5. Its leaves have one weight each; of two weights that
// add up to 1, the second.
struct CompactForest {
  onnx::CompactTrees trees;
  bool is_share = false;  // the other output is 1 minus this one
};

// nullopt where the operator cannot say it: leaves with several weights, splits by categories.
[[nodiscard]] std::optional<CompactForest> compact_forest(const steps::Forest& forest,
                                                          bool in_double);

// Whether all trees of the program can be compact; `why_not` is a clause for people. One operator
// that cannot keeps all others: version 5 of ai.onnx.ml has no TreeEnsembleRegressor any more.
[[nodiscard]] bool can_be_compact(const steps::Program& program, std::string& why_not);

}  // namespace octet::exporting
