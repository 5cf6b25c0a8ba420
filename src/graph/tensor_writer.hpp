// TensorProtos of the output: inline, or pointing into the data file.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "graph/layout.hpp"

namespace octet::graph {

class TensorWriter {
 public:
  // `data_name` empty: everything inline. Else tensors of at least 1 KiB go to the data file of
  // that name.
  TensorWriter(const Graph& graph, std::string data_name)
      : graph_(&graph), data_name_(std::move(data_name)) {}

  // The tensor cannot be copied as it stands: its data must move into or out of a data file.
  [[nodiscard]] bool must_rewrite(const onnx::TensorView& tensor) const;
  [[nodiscard]] onnx::Message existing(const Constant& constant, const onnx::Origin& origin);
  [[nodiscard]] onnx::Message fresh(const NewTensor& tensor, TensorIndex index);
  [[nodiscard]] std::vector<Placed> take_data() { return std::move(data_); }

 private:
  [[nodiscard]] bool goes_out(std::uint64_t size_bytes) const;
  void point_to_data(onnx::Message& message, onnx::Piece piece);

  const Graph* graph_;
  std::string data_name_;
  std::vector<Placed> data_;
  std::uint64_t end_ = 0;
};

// The ValueInfoProto of a new tensor.
[[nodiscard]] onnx::Message value_info(const NewTensor& tensor);

}  // namespace octet::graph
