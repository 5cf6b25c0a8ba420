// The Plan: what happens to every operator that reads weights, as plain data. See
// docs/plan-format.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace octet {

// How one constant weight that the node reads is stored.
struct WeightChoice {
  int input = 0;                    // the node's input slot that reads it
  std::string name;                 // of the initializer, or the Constant's output
  std::string type = "float32";     // as it lies in the model
  std::vector<std::int64_t> shape;  // likewise
  // --- what: these fields are read back by --plan ---
  std::string storage = "float32";   // int8 | uint8 | float16 | float32 (as it is)
  std::string granularity = "none";  // per_channel | per_tensor | none
  std::string range = "none";        // pair (cannot saturate) | full | reduced (7 bits) | none
  // --- why: informative; empty where the decision's own reason says it ---
  std::string reason;
  std::string detail;
  std::uint64_t bytes_before = 0;  // a weight that several nodes read counts in the first
  std::uint64_t bytes_after = 0;
};

// The decision for one node that reads weights.
struct Decision {
  // --- who ---
  std::string node;  // the node's name; "Op#7" (op type and position in its graph) when it has none
                     // or it is not unique; nodes inside a subgraph or function carry a prefix:
                     // "If#3/then_branch/MatMul#0". Unique in the model.
  std::string
      op;  // "MatMul"; with its domain when that is not ONNX's own: "com.microsoft.Attention"
  // --- what ---
  std::string form = "float";  // a form of docs/forms.md: dynamic_matmul, embedding_rows, folded,
                               // float
  std::string ops = "none";    // contrib | standard | none: which operators the form emits
  std::vector<WeightChoice> weights;  // in the order of inputs; none where the weight is computed
  // --- why: informative ---
  std::string
      reason;  // a code of docs/forms.md, "Reasons": "fast", "narrow", "depthwise", "excluded", …
  std::string detail;  // the same for people, with the numbers

  [[nodiscard]] std::uint64_t bytes_before() const {
    std::uint64_t sum = 0;
    for (const WeightChoice& weight : weights) sum += weight.bytes_before;
    return sum;
  }
  [[nodiscard]] std::uint64_t bytes_after() const {
    std::uint64_t sum = 0;
    for (const WeightChoice& weight : weights) sum += weight.bytes_after;
    return sum;
  }
};

struct Plan {
  int version = 2;
  std::string target = "portable";  // the CPUs it is made for: see PlanOptions::target
  std::vector<Decision> decisions;  // in the order of the nodes in the file
};

// Deterministic, indented JSON, one decision a line; ends with a newline.
[[nodiscard]] std::string to_json(const Plan& plan);

// Reads version 2, and version 1 (one decision a weight). Throws Error{invalid_argument} naming the
// decision or the field that is wrong; unknown fields are errors. `label` opens the message
// (usually the file's name).
[[nodiscard]] Plan plan_from_json(std::string_view text, std::string_view label = "plan");

}  // namespace octet
