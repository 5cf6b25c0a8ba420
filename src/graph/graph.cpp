#include "graph/graph.hpp"

namespace octet::graph {

std::int64_t Model::opset(std::string_view domain) const {
  for (const onnx::OpsetView& entry : opsets) {
    if (entry.domain == domain) return entry.version;
  }
  for (const onnx::OpsetView& entry : opsets_of_functions) {
    if (entry.domain == domain) return entry.version;
  }
  return 0;
}

const Constant* Graph::constant_input(NodeId node, std::uint32_t slot) const& {
  const std::vector<ValueId>& inputs = nodes_[node].inputs;
  if (slot >= inputs.size() || inputs[slot] == none) return nullptr;
  const ConstantId constant = values_[inputs[slot]].constant;
  return constant == none ? nullptr : &constants_[constant];
}

std::uint64_t Graph::total_bytes() const {
  for (const Constant& constant : constants_) {
    if (constant.tensor.external) (void)external_->bytes_of(constant.tensor);
  }
  return bytes_.size() + external_->total_bytes();
}

std::vector<std::filesystem::path> Graph::files() const {
  if (!file_) return {};
  const std::filesystem::path folder = file_->path().parent_path();
  std::set<std::filesystem::path> out = {file_->path()};
  for (const Constant& constant : constants_) {
    if (constant.tensor.external) out.insert(folder / constant.tensor.external->location);
  }
  return {out.begin(), out.end()};
}

void Graph::verify() const {
  if (file_) file_->verify();
  if (external_) external_->verify();
}

onnx::Bytes Graph::elements(const Constant& constant) const& {
  const onnx::TensorView& tensor = constant.tensor;
  if (tensor.external) return external_->bytes_of(tensor);
  if (tensor.scattered_floats.empty()) return tensor.raw;
  std::string& gathered = gathered_[tensor.message.data()];
  if (gathered.empty()) {
    for (const onnx::Bytes run : tensor.scattered_floats) {
      gathered.append(reinterpret_cast<const char*>(run.data()), run.size());
    }
  }
  return std::as_bytes(std::span<const char>(gathered));
}

void Graph::release(onnx::Bytes elements) const {
  if (file_) file_->release(elements);
  if (!external_) return;
  for (const auto& [location, file] : external_->files()) file.release(elements);
}

}  // namespace octet::graph
