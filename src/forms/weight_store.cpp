#include "forms/weight_store.hpp"

#include <fmt/format.h>

#include <cstring>

#include "forms/weight_fill.hpp"

namespace octet::forms {
namespace {

using base::ElementType;
using graph::NewNode;
using quant::Kind;

NewNode cast(ElementType type) {
  return {"Cast", "", "", {""}, {}, {{"to", static_cast<std::int64_t>(type)}}};
}

NewNode transpose(std::string input, std::vector<std::int64_t> perm) {
  return {"Transpose", "", "", {std::move(input)}, {}, {{"perm", std::move(perm)}}};
}

std::string bytes_of(const void* data, std::size_t size) {
  std::string out(size, '\0');
  if (size != 0) std::memcpy(out.data(), data, size);
  return out;
}

}  // namespace

std::vector<std::int64_t> StoredAs::dims() const {
  if (!as_matrix) return view.dims;
  std::int64_t rows = 1;
  for (std::size_t a = 0; a < axes.first; ++a) rows *= view.dims[a];
  return {rows, view.dims[axes.first]};
}

void WeightStore::decide(graph::ConstantId constant, StoredAs how) {
  decided_[constant] = std::move(how);
}

const Stored& WeightStore::get(graph::ConstantId id) {
  const auto found = made_.find(id);
  if (found != made_.end()) return found->second;

  const graph::Constant& constant = overlay_->graph().constant(id);
  const std::string name(constant.tensor.name);
  Stored stored;
  stored.as = decided_.at(id);
  const auto parts = quant::parts(stored.as.encoding, stored.as.dims(), stored.as.channels());
  stored.data = overlay_->fresh_name(name + (parts.size() == 1 ? "_float16" : "_quantized"));
  const graph::TensorIndex data =
      overlay_->add_tensor({stored.data, constant.scope, parts[0].type, parts[0].dims});
  if (parts.size() == 1) {
    overlay_->add_fill(float16_fill(overlay_->graph(), constant, data));
  } else {
    stored.scale = overlay_->fresh_name(name + "_scale");
    const graph::TensorIndex scale =
        overlay_->add_tensor({stored.scale, constant.scope, parts[1].type, parts[1].dims});
    overlay_->add_fill(quantized_fill(overlay_->graph(), constant, stored.as, data, scale));
  }
  return made_.emplace(id, std::move(stored)).first->second;
}

std::string WeightStore::add_node(graph::ScopeId scope, NewNode node, std::string_view output) {
  node.name = overlay_->fresh_name(fmt::format("{}_{}", output, node.op));
  if (node.outputs.empty())
    node.outputs = {overlay_->fresh_name(fmt::format("{}_{}_output", output, node.op))};
  std::string name = node.outputs[0];
  overlay_->apply({{}, {std::move(node)}, scope});
  return name;
}

std::string WeightStore::constant(graph::NewTensor tensor, std::string bytes) {
  std::string name = tensor.name;
  overlay_->add_filled(std::move(tensor), std::move(bytes));
  return name;
}

Stored WeightStore::get(const Need& need) {
  const Stored& stored = get(need.constant);
  if (need.view == stored.as.view) return stored;
  const auto found = turned_.find(need.constant);
  if (found != turned_.end()) return found->second;
  const graph::ScopeId scope = overlay_->graph().constant(need.constant).scope;
  Stored out = stored;
  out.as.view = need.view;
  out.as.axes = need.axes;
  out.data = add_node(scope, transpose(stored.data, {1, 0}), stored.data);
  if (stored.as.encoding.granularity == quant::Granularity::per_channel)
    out.scale = add_node(scope, transpose(stored.scale, {1, 0}), stored.scale);
  return turned_.emplace(need.constant, std::move(out)).first->second;
}

const std::vector<std::string>& WeightStore::once(
    const std::string& key, const std::function<std::vector<std::string>()>& make) {
  const auto found = once_.find(key);
  if (found != once_.end()) return found->second;
  std::vector<std::string> made = make();  // may ask for others itself
  return once_.emplace(key, std::move(made)).first->second;
}

const std::string& WeightStore::zero_point(Kind kind) {
  std::string& name = zero_points_[kind];
  if (name.empty()) {
    name = overlay_->fresh_name(fmt::format("octet_zero_point_{}", quant::name(kind)));
    overlay_->add_filled({name, 0, quant::element_type(kind), {}},
                         std::string(1, kind == Kind::uint8 ? '\x80' : '\0'));
  }
  return name;
}

void WeightStore::give_float_back(graph::ConstantId id) {
  const graph::Constant& weight = overlay_->graph().constant(id);
  const Stored& stored = get(id);
  const std::string original(weight.tensor.name);
  std::vector<NewNode> chain = {cast(ElementType::float32)};
  if (stored.as.encoding.kind == Kind::uint8) {
    const float offset = 128;
    const std::string name = overlay_->fresh_name(original + "_offset");
    chain.push_back({"Sub",
                     "",
                     "",
                     {"", constant({name, weight.scope, ElementType::float32, {}},
                                   bytes_of(&offset, sizeof offset))},
                     {},
                     {}});
  }
  const Inverse back = inverse(stored.as.view);
  const auto reshape = [&](const std::vector<std::int64_t>& dims) {
    const auto rank = static_cast<std::int64_t>(dims.size());
    const std::string name = overlay_->fresh_name(original + "_shape");
    return NewNode{"Reshape",
                   "",
                   "",
                   {"", constant({name, weight.scope, ElementType::int64, {rank}},
                                 bytes_of(dims.data(), 8 * dims.size()))},
                   {},
                   {}};
  };
  if (!stored.scale.empty()) {
    std::string scale = stored.scale;
    if (stored.as.axes.stacked) {  // over the rows of each matrix of the stack
      NewNode spread = reshape({stored.as.view.dims[0], 1, -1});
      spread.inputs[0] = scale;
      scale = add_node(weight.scope, std::move(spread), scale);
    }
    chain.push_back({"Mul", "", "", {"", scale}, {}, {}});
  }
  if (!back.perm.empty()) {
    if (stored.as.as_matrix) chain.push_back(reshape(stored.as.view.dims));
    chain.push_back(transpose("", back.perm));
  }
  if (stored.as.as_matrix || back.dims != weight.tensor.dims)
    chain.push_back(reshape(weight.tensor.dims));
  if (!weight.tensor.is_float32()) chain.push_back(cast(weight.tensor.type));
  std::string previous = stored.data;
  for (std::size_t i = 0; i < chain.size(); ++i) {
    chain[i].inputs[0] = previous;
    if (i + 1 == chain.size()) chain[i].outputs = {original};
    previous = add_node(weight.scope, std::move(chain[i]), original);
  }
}

void WeightStore::finish() {
  const graph::Graph& graph = overlay_->graph();
  for (const Place& place : survey_->places()) {
    for (const graph::NodeId node : survey_->passages(place)) {
      if (overlay_->is_removed(node)) continue;
      if (overlay_->is_read(graph.node(node).outputs[0])) break;
      overlay_->apply({{node}, {}});
    }
  }
  for (const auto& [id, how] : decided_) {
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

}  // namespace octet::forms
