#include "forms/weight_store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "base/checked.hpp"
#include "forms/weight_fill.hpp"

namespace octet::forms {
namespace {

using base::ElementType;
using graph::NewNode;

ElementType element_type(const std::string& storage) {
  if (storage == "float16") return ElementType::float16;
  return storage == "uint8" ? ElementType::uint8 : ElementType::int8;
}

std::vector<std::int64_t> data_dims(const onnx::TensorView& tensor, const Storage& storage) {
  std::vector<std::int64_t> dims = tensor.dims;
  if (storage.transposed) std::swap(dims[0], dims[1]);
  return dims;
}

// Broadcasts against the data: leading axes of length one are left out.
std::vector<std::int64_t> scale_dims(const onnx::TensorView& tensor, const Storage& storage) {
  if (storage.per_tensor) return {};
  std::vector<std::int64_t> dims;
  const std::size_t rank = tensor.dims.size();
  if (storage.transposed) return {tensor.dims[0]};
  for (std::size_t a = storage.axis; a < rank; ++a)
    dims.push_back(a < storage.axis_end ? tensor.dims[a] : 1);
  return dims;
}

NewNode cast_to_float(const std::string& input) {
  return {"Cast", "", "", {input}, {}, {{"to", static_cast<std::int64_t>(ElementType::float32)}}};
}

NewNode transpose(const std::string& input) {
  return {"Transpose", "", "", {input}, {}, {{"perm", std::vector<std::int64_t>{1, 0}}}};
}

}  // namespace

void WeightStore::decide(graph::ConstantId constant, Storage storage) {
  decided_[constant] = std::move(storage);
}

const Stored& WeightStore::get(graph::ConstantId id) {
  const auto found = made_.find(id);
  if (found != made_.end()) return found->second;

  const graph::Constant& constant = overlay_->graph().constant(id);
  const std::string name(constant.tensor.name);
  Stored stored;
  stored.storage = decided_.at(id);
  stored.data =
      overlay_->fresh_name(name + (stored.storage.type == "float16" ? "_float16" : "_quantized"));
  const graph::TensorIndex data =
      overlay_->add_tensor({stored.data, constant.scope, element_type(stored.storage.type),
                            data_dims(constant.tensor, stored.storage)});
  if (stored.storage.type == "float16") {
    overlay_->add_fill(float16_fill(overlay_->graph(), constant, data));
  } else {
    stored.scale = overlay_->fresh_name(name + "_scale");
    const graph::TensorIndex scale =
        overlay_->add_tensor({stored.scale, constant.scope, ElementType::float32,
                              scale_dims(constant.tensor, stored.storage)});
    overlay_->add_fill(quantized_fill(overlay_->graph(), constant, stored.storage, data, scale));
  }
  return made_.emplace(id, std::move(stored)).first->second;
}

std::string WeightStore::prologue(graph::ScopeId scope, NewNode node, std::string_view output) {
  node.name = overlay_->fresh_name(fmt::format("{}_{}", output, node.op));
  if (node.outputs.empty())
    node.outputs = {overlay_->fresh_name(fmt::format("{}_{}_output", output, node.op))};
  std::string name = node.outputs[0];
  overlay_->apply({{}, {std::move(node)}, scope});
  return name;
}

Stored WeightStore::as_matrix(graph::ConstantId id) {
  const Stored& stored = get(id);
  const bool channels_last = stored.storage.transposed || stored.storage.axis == 1;
  if (channels_last) return stored;
  const auto found = turned_.find(id);
  if (found != turned_.end()) return found->second;
  const graph::ScopeId scope = overlay_->graph().constant(id).scope;
  Stored turned = stored;
  turned.data = prologue(scope, transpose(stored.data), stored.data);
  if (!stored.storage.per_tensor)
    turned.scale = prologue(scope, transpose(stored.scale), stored.scale);
  return turned_.emplace(id, std::move(turned)).first->second;
}

const std::string& WeightStore::zero_point(const std::string& type) {
  std::string& name = zero_points_[type];
  if (name.empty()) {
    name = overlay_->fresh_name("octet_zero_point_" + type);
    overlay_->add_filled({name, 0, element_type(type), {}},
                         std::string(1, type == "uint8" ? '\x80' : '\0'));
  }
  return name;
}

void WeightStore::give_float_back(graph::ConstantId id) {
  const graph::Constant& constant = overlay_->graph().constant(id);
  const Stored& stored = get(id);
  const std::string original(constant.tensor.name);
  std::vector<NewNode> chain = {cast_to_float(stored.data)};
  if (stored.storage.type == "uint8") {
    const float offset = 128;
    std::string bytes(4, '\0');
    std::memcpy(bytes.data(), &offset, 4);
    const std::string name = overlay_->fresh_name(original + "_offset");
    overlay_->add_filled({name, constant.scope, ElementType::float32, {}}, std::move(bytes));
    chain.push_back({"Sub", "", "", {"", name}, {}, {}});
  }
  if (!stored.scale.empty()) chain.push_back({"Mul", "", "", {"", stored.scale}, {}, {}});
  if (stored.storage.transposed) chain.push_back(transpose(""));
  std::string previous = stored.data;
  for (std::size_t i = 0; i < chain.size(); ++i) {
    chain[i].inputs[0] = previous;
    if (i + 1 == chain.size()) chain[i].outputs = {original};
    previous = prologue(constant.scope, std::move(chain[i]), original);
  }
}

void WeightStore::finish(const std::vector<Site>& sites) {
  const graph::Graph& graph = overlay_->graph();
  for (const Site& site : sites) {
    for (const graph::NodeId via : site.via) {
      const bool idle =
          !overlay_->is_removed(via) && !overlay_->is_read(graph.node(via).outputs[0]);
      if (idle) overlay_->apply({{via}, {}});
    }
  }
  for (const auto& [id, storage] : decided_) {
    if (!made_.contains(id)) continue;
    if (overlay_->is_read(graph.constant(id).value)) give_float_back(id);
    overlay_->drop(id);
  }
  for (graph::ConstantId id = 0; id < graph.constants().size(); ++id) {
    const graph::Value& value = graph.value(graph.constant(id).value);
    const bool lost_its_readers =
        !value.uses.empty() && !overlay_->is_read(graph.constant(id).value);
    if (lost_its_readers && !overlay_->is_dropped(id)) overlay_->drop(id);
  }
}

std::uint64_t WeightStore::stored_bytes(const onnx::TensorView& tensor, const Storage& storage) {
  if (storage.type == "float16") return tensor.elements * 2;
  return tensor.elements + 4 * base::element_count(scale_dims(tensor, storage)).value_or(0);
}

}  // namespace octet::forms
