// TensorProtos of the output: inline, or pointing into a file.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "graph/layout.hpp"

namespace octet::graph {

class TensorWriter {
 public:
  // `data_name`: of the file that tensors which are not inline lie in.
  TensorWriter(const Graph& graph, Placement weights, std::string data_name)
      : graph_(&graph), weights_(weights), data_name_(std::move(data_name)) {}

  // The tensor cannot be copied as it stands: its data must move into or out of a data file, or
  // stay behind.
  [[nodiscard]] bool must_rewrite(const onnx::TensorView& tensor) const;
  [[nodiscard]] onnx::Message existing(const Constant& constant, const onnx::Origin& origin);
  [[nodiscard]] onnx::Message fresh(const NewTensor& tensor, TensorIndex index);
  [[nodiscard]] std::vector<Placed> take_data() { return std::move(data_); }

 private:
  [[nodiscard]] bool goes_out(std::uint64_t size_bytes) const;
  [[nodiscard]] bool stays_behind(const onnx::TensorView& tensor) const;
  void move_out(onnx::Message& message, onnx::Piece piece);
  void point(onnx::Message& message, std::uint64_t offset, std::uint64_t size_bytes) const;

  const Graph* graph_;
  Placement weights_;
  std::string data_name_;
  std::vector<Placed> data_;
  std::uint64_t end_ = 0;
};

}  // namespace octet::graph
