// The places where a model reads a float weight.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "graph/graph.hpp"

namespace octet::forms {

// Node `node` reads constant `constant` through input `slot`. When a Transpose of two axes or an
// Identity stands between them, `via` lists those nodes and `transposed` says what they do; the
// weight's own dims are not transposed.
struct Site {
  graph::NodeId node = graph::none;
  std::uint32_t slot = 0;
  graph::ConstantId constant = graph::none;
  bool transposed = false;
  std::vector<graph::NodeId> via;
};

// Every float32 constant with at least one element and every node that reads it, in the order of
// nodes and slots. A MatMul, Gemm or Conv whose weight is not a constant is listed too, with
// constant == none, so that a plan can say so.
[[nodiscard]] std::vector<Site> find_sites(const graph::Graph& graph);

// How a plan calls a node: its name when that is unique in the model, else "Op#position"; inside a
// subgraph or function the scope's path comes first.
class NodeLabels {
 public:
  explicit NodeLabels(const graph::Graph& graph);
  [[nodiscard]] const std::string& of(graph::NodeId node) const { return labels_[node]; }

 private:
  std::vector<std::string> labels_;
};

// The operator with its domain when that is not ONNX's own.
[[nodiscard]] std::string op_name(const onnx::NodeView& view);

}  // namespace octet::forms
