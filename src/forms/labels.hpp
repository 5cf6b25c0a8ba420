// How a plan calls a node.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "graph/graph.hpp"

namespace octet::forms {

// A label is the node's name when no other node of the model has it, else "Op#position"; inside a
// subgraph or a function the scope's path comes first ("If#3/then_branch/MatMul#0"). Labels are
// unique and valid UTF-8 by construction, whatever the names in the file: what would collide gets
// "~2", "~3", … behind it, and bytes that are no text are written \xNN.
class NodeLabels {
 public:
  explicit NodeLabels(const graph::Graph& graph);
  [[nodiscard]] const std::string& of(graph::NodeId node) const& { return labels_[node]; }
  [[nodiscard]] const std::string& of(graph::NodeId node) const&& = delete;
  [[nodiscard]] std::optional<graph::NodeId> find(std::string_view label) const;
  [[nodiscard]] const std::vector<std::string>& all() const& { return labels_; }
  [[nodiscard]] const std::vector<std::string>& all() const&& = delete;

 private:
  std::vector<std::string> labels_;
  std::unordered_map<std::string_view, graph::NodeId> nodes_;  // into labels_
};

// The text with bytes that are not UTF-8 written as \xNN.
[[nodiscard]] std::string readable(std::string_view text);

// The operator with its domain when that is not ONNX's own.
[[nodiscard]] std::string op_name(const onnx::NodeView& view);

}  // namespace octet::forms
