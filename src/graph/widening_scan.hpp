// What a model says about the width of its numbers, in one walk over its messages.
#pragma once

#include "graph/widening.hpp"

namespace octet::graph {

class WideningScan {
 public:
  WideningScan(const onnx::Origin& origin, const std::set<std::string_view>& known_domains)
      : origin_(origin), known_domains_(known_domains) {}

  void read(onnx::Bytes graph, int depth);
  [[nodiscard]] std::optional<Widening> result() const;

 private:
  using Names = std::set<std::string, std::less<>>;

  void read_node(onnx::Bytes message, int depth);
  void read_tensor(const onnx::TensorView& tensor);
  [[nodiscard]] std::set<base::ElementType> narrow_types() const;
  [[nodiscard]] bool computes_narrow() const;

  const onnx::Origin& origin_;
  const std::set<std::string_view>& known_domains_;
  bool foreign_ = false;  // an operator of a domain nobody knows
  std::map<base::ElementType, std::uint64_t> bytes_;
  std::map<std::string, base::ElementType> inputs_, outputs_;  // of the main graph, floating ones
  std::map<std::string, base::ElementType> weights_;           // initializers that get a Cast
  std::map<std::string, base::ElementType> tensors_;           // all initializers
  Names made_;          // by nodes, or coming in: names that are no weights
  Names read_;          // by nodes other than Cast
  Names constants_;     // outputs of Constant nodes
  Names body_results_;  // outputs of subgraphs
};

}  // namespace octet::graph
