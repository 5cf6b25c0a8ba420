// Numbers as an operator sees them: a constant, and the way from there to the operator's input.
#pragma once

#include <unordered_map>
#include <vector>

#include "forms/view.hpp"
#include "graph/graph.hpp"

namespace octet::forms {

// `constant` is none when what is read is computed while the model runs.
struct Source {
  graph::ConstantId constant = graph::none;
  View view;  // what the operator sees, as strides over the constant's elements
  base::ElementType stored = base::ElementType::undefined;
  base::ElementType seen = base::ElementType::undefined;  // `stored`, or what a Cast makes of it
};

// Follows values back through Identity, Transpose, Reshape, Flatten, Squeeze, Unsqueeze and Casts
// to float32 to the constant they show, over any number of nodes and out of any number of scopes.
// Every value is looked at once; a circle of nodes ends nowhere.
class Sources {
 public:
  explicit Sources(const graph::Graph& graph) : graph_(&graph) {}
  const Source& of(graph::ValueId value);
  // The nodes between `value` and its constant, the reader's end first.
  [[nodiscard]] std::vector<graph::NodeId> passages(graph::ValueId value) const;

 private:
  const graph::Graph* graph_;
  std::unordered_map<graph::ValueId, Source> known_;
};

// A float tensor with at least one element: float32, float16, bfloat16 or float64.
[[nodiscard]] bool is_weight(const onnx::TensorView& tensor);

}  // namespace octet::forms
