#include "graph/overlay.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "base/checked.hpp"
#include "octet/error.hpp"
#include "onnx/field_numbers.hpp"

namespace octet::graph {
namespace {

namespace f = onnx::field;

// Writes an attribute's value and its type.
struct ValueWriter {
  onnx::Message& out;

  void type(std::uint64_t number) const { out.varint(f::attribute::type, number); }
  void operator()(std::int64_t value) const {
    out.varint(f::attribute::i, static_cast<std::uint64_t>(value));
    type(f::attribute::type_int);
  }
  void operator()(float value) const {
    out.fixed32(f::attribute::f, value);
    type(f::attribute::type_float);
  }
  void operator()(const std::string& value) const {
    out.text(f::attribute::s, value);
    type(f::attribute::type_string);
  }
  void operator()(const TensorMessage& value) const {
    out.text(f::attribute::t, value.bytes);
    type(f::attribute::type_tensor);
  }
  void operator()(const std::vector<std::int64_t>& values) const {
    for (const std::int64_t value : values)
      out.varint(f::attribute::ints, static_cast<std::uint64_t>(value));
    type(f::attribute::type_ints);
  }
  void operator()(const std::vector<float>& values) const {
    for (const float value : values) out.fixed32(f::attribute::floats, value);
    type(f::attribute::type_floats);
  }
};

onnx::Message to_message(const NewAttribute& attribute) {
  onnx::Message out;
  out.text(f::attribute::name, attribute.name);
  std::visit(ValueWriter{out}, attribute.value);
  return out;
}

void annotate(std::vector<NewNode>& nodes, const onnx::NodeView& replaced) {
  if (nodes.empty()) return;
  const auto namesake = std::find_if(nodes.begin(), nodes.end(), [&](const NewNode& node) {
    return !node.name.empty() && node.name == replaced.name;
  });
  NewNode& heir = namesake == nodes.end() ? nodes.front() : *namesake;
  heir.annotations = replaced.annotations;
}

}  // namespace

onnx::Message to_message(const NewNode& node) {
  onnx::Message out;
  for (const std::string& input : node.inputs) out.text(f::node::input, input);
  for (const std::string& output : node.outputs) out.text(f::node::output, output);
  if (!node.name.empty()) out.text(f::node::name, node.name);
  out.text(f::node::op_type, node.op);
  for (const NewAttribute& attribute : node.attributes)
    out.message(f::node::attribute, to_message(attribute));
  for (const onnx::Bytes attribute : node.kept_attributes) {
    onnx::Message copy;
    copy.copy(attribute);
    out.message(f::node::attribute, std::move(copy));
  }
  if (!node.domain.empty()) out.text(f::node::domain, node.domain);
  for (const onnx::Bytes field : node.annotations) out.copy(field);
  return out;
}

std::uint64_t NewTensor::size_bytes() const {
  return base::element_count(dims).value_or(0) * base::element_size(type);
}

std::string Overlay::fresh_name(std::string_view wanted) {
  std::string name(wanted);
  const auto is_taken = [&] {
    return graph_->taken_names().contains(name) || names_.contains(name);
  };
  if (is_taken()) {
    int& number = numbers_[name];  // names are never given back: smaller ones are taken still
    do name = fmt::format("{}_{}", wanted, ++number);
    while (is_taken());
  }
  names_.insert(name);
  return name;
}

TensorIndex Overlay::add_tensor(NewTensor tensor) {
  tensors_.push_back(std::move(tensor));
  return static_cast<TensorIndex>(tensors_.size() - 1);
}

TensorIndex Overlay::add_filled(NewTensor tensor, std::string bytes) {
  const TensorIndex index = add_tensor(std::move(tensor));
  Fill fill;
  fill.tensors = {index};
  fill.run = [bytes = std::move(bytes)](std::size_t, std::span<const std::span<std::byte>> out) {
    if (!bytes.empty()) std::memcpy(out[0].data(), bytes.data(), bytes.size());
  };
  add_fill(std::move(fill));
  return index;
}

void Overlay::apply(Patch patch) {
  const auto refuse = [&](std::string_view name, std::string_view fact) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("{}: node \"{}\": {}", graph_->label(), name, fact));
  };
  if (patch.removed.empty() && patch.scope == none)
    refuse(patch.nodes.empty() ? "" : patch.nodes.front().name, "nobody said where it goes");
  Addition addition;
  addition.scope = patch.scope == none ? graph_->node(patch.removed.front()).scope : patch.scope;
  std::unordered_set<std::string_view> produced;
  for (const NewNode& node : patch.nodes) produced.insert(node.outputs.begin(), node.outputs.end());
  const std::unordered_set<NodeId> going(patch.removed.begin(), patch.removed.end());
  for (const NodeId id : patch.removed) {
    const Node& node = graph_->node(id);
    if (is_removed(id)) refuse(node.view.name, "two decisions replace the same node");
    if (node.scope != addition.scope) refuse(node.view.name, "a patch must stay in one scope");
    addition.position = std::max<std::int64_t>(addition.position, node.position);
    for (const ValueId output : node.outputs) {
      if (output == none || produced.contains(graph_->value(output).name)) continue;
      const Value& value = graph_->value(output);
      const auto stays = [&](const Use& use) {
        return !is_removed(use.node) && !going.contains(use.node);
      };
      if (value.is_scope_output || std::any_of(value.uses.begin(), value.uses.end(), stays))
        refuse(node.view.name, fmt::format("its output \"{}\" is still read", value.name));
    }
  }
  removed_.insert(patch.removed.begin(), patch.removed.end());
  for (const NewNode& node : patch.nodes) note_reads(node);
  if (!patch.removed.empty()) annotate(patch.nodes, graph_->node(patch.removed.front()).view);
  addition.nodes = std::move(patch.nodes);
  if (!addition.nodes.empty()) additions_.push_back(std::move(addition));
}

void Overlay::drop(ConstantId constant) {
  dropped_.insert(constant);
  if (graph_->constant(constant).node != none) removed_.insert(graph_->constant(constant).node);
}

bool Overlay::is_read(ValueId id) const {
  const Value& value = graph_->value(id);
  return value.is_scope_output || read_anew_.contains(std::string(value.name)) ||
         std::any_of(value.uses.begin(), value.uses.end(),
                     [&](const Use& use) { return !is_removed(use.node); });
}

bool Overlay::empty() const {
  return tensors_.empty() && removed_.empty() && additions_.empty() && dropped_.empty() &&
         opsets_.empty();
}

std::unordered_set<ScopeId> Overlay::touched_scopes() const {
  std::unordered_set<ScopeId> out;
  const auto touch = [&](ScopeId scope) {
    while (scope != none && out.insert(scope).second) scope = graph_->scope(scope).parent;
  };
  for (const NodeId node : removed_) touch(graph_->node(node).scope);
  for (const Addition& addition : additions_) touch(addition.scope);
  for (const ConstantId constant : dropped_) touch(graph_->constant(constant).scope);
  for (const NewTensor& tensor : tensors_) touch(tensor.scope);
  // What calls functions in the file calls none in a file without them.
  for (ScopeId scope = 0; scope < graph_->scopes().size() && !empty(); ++scope) {
    if (graph_->scope(scope).is_rewritten) touch(scope);
  }
  return out;
}

}  // namespace octet::graph
