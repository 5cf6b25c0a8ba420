// The Plan: what happens to every weight, as plain data. See docs/plan-format.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace octet {

// The decision for one constant float weight that one node reads. A node with two weights has two
// decisions; a weight with two readers has two decisions (its bytes are counted in the first).
struct Decision {
  // --- who ---
  std::string node;  // the node's name; "Op#7" (op type and position in its graph) when it has none
                     // or it is not unique; nodes inside a subgraph or function carry a prefix:
                     // "If#3/then_branch/MatMul#0"
  std::string
      op;  // "MatMul"; with its domain when that is not ONNX's own: "com.microsoft.Attention"
  std::string weight;  // name of the initializer or of the Constant node's output; empty when the
                       // node has no weight
  int input = 0;       // the node's input slot that reads the weight
  std::vector<std::int64_t> shape;
  // --- what: these fields are read back by --plan ---
  std::string form =
      "float";  // a name of forms::all(): dynamic_matmul, embedding_rows, folded, float
  std::string storage = "float32";   // int8 | uint8 | float16 | float32
  std::string granularity = "none";  // per_channel | per_tensor | none
  std::string range = "none";        // pair (cannot saturate) | full | reduced (7 bits) | none
  std::string ops = "none";          // contrib | standard | none: which operators the form emits
  // --- why: informative ---
  std::string
      reason;  // a code of docs/forms.md, "Reasons": "fast", "narrow", "depthwise", "excluded", …
  std::string detail;  // the same for people, with the numbers
  std::uint64_t bytes_before = 0;
  std::uint64_t bytes_after = 0;
};

struct Plan {
  int version = 1;
  std::string target = "portable";  // portable | avx2 | vnni | arm64
  std::vector<Decision> decisions;  // in the order of the nodes in the file
};

// Deterministic, indented JSON, one decision a line; ends with a newline.
[[nodiscard]] std::string to_json(const Plan& plan);

// Throws Error{invalid_argument} naming the line or the field that is wrong; unknown fields are
// errors. `label` opens the message (usually the file's name).
[[nodiscard]] Plan plan_from_json(std::string_view text, std::string_view label = "plan");

}  // namespace octet
