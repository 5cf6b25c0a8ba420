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

onnx::Message to_message(const NewAttribute& attribute) {
  onnx::Message out;
  out.text(f::attribute::name, attribute.name);
  if (const auto* integer = std::get_if<std::int64_t>(&attribute.value)) {
    out.varint(f::attribute::i, static_cast<std::uint64_t>(*integer));
    out.varint(f::attribute::type, f::attribute::type_int);
  } else if (const auto* real = std::get_if<float>(&attribute.value)) {
    out.fixed32(f::attribute::f, *real);
    out.varint(f::attribute::type, f::attribute::type_float);
  } else {
    for (const std::int64_t i : std::get<std::vector<std::int64_t>>(attribute.value)) {
      out.varint(f::attribute::ints, static_cast<std::uint64_t>(i));
    }
    out.varint(f::attribute::type, f::attribute::type_ints);
  }
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
  if (!node.domain.empty()) out.text(f::node::domain, node.domain);
  for (const onnx::Bytes field : node.annotations) out.copy(field);
  return out;
}

std::uint64_t NewTensor::size_bytes() const {
  return base::element_count(dims).value_or(0) * base::element_size(type);
}

std::string Overlay::fresh_name(std::string_view wanted) {
  std::string name(wanted);
  for (int n = 1; graph_->taken_names().contains(name) || names_.contains(name); ++n) {
    name = fmt::format("{}_{}", wanted, n);
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
  const auto refuse = [&](NodeId node, std::string_view fact) {
    throw Error(ErrorCode::invalid_argument, fmt::format("{}: node \"{}\": {}", graph_->label(),
                                                         graph_->node(node).view.name, fact));
  };
  if (std::find(patch.removed.begin(), patch.removed.end(), patch.anchor) == patch.removed.end()) {
    refuse(patch.anchor, "a patch must stand in the place of a node it removes");
  }
  std::set<std::string_view> produced;
  for (const NewNode& node : patch.nodes) produced.insert(node.outputs.begin(), node.outputs.end());
  for (const NodeId node : patch.removed) {
    if (is_removed(node)) refuse(node, "two decisions replace the same node");
    for (const ValueId output : graph_->node(node).outputs) {
      if (output == none || produced.contains(graph_->value(output).name)) continue;
      const Value& value = graph_->value(output);
      const auto stays = [&](const Use& use) {
        return !is_removed(use.node) && std::find(patch.removed.begin(), patch.removed.end(),
                                                  use.node) == patch.removed.end();
      };
      if (value.is_scope_output || std::any_of(value.uses.begin(), value.uses.end(), stays))
        refuse(node, fmt::format("its output \"{}\" is still read", value.name));
    }
  }
  removed_.insert(patch.removed.begin(), patch.removed.end());
  for (const NewNode& node : patch.nodes) note_reads(node);
  annotate(patch.nodes, graph_->node(patch.removed.front()).view);
  replacements_[patch.anchor] = std::move(patch.nodes);
}

void Overlay::add_prologue(ScopeId scope, NewNode node) {
  note_reads(node);
  prologues_[scope].push_back(std::move(node));
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
  return tensors_.empty() && removed_.empty() && prologues_.empty() && dropped_.empty() &&
         opsets_.empty();
}

const std::vector<NewNode>* Overlay::replacement(NodeId anchor) const {
  const auto found = replacements_.find(anchor);
  return found == replacements_.end() ? nullptr : &found->second;
}

const std::vector<NewNode>* Overlay::prologue(ScopeId scope) const {
  const auto found = prologues_.find(scope);
  return found == prologues_.end() ? nullptr : &found->second;
}

std::unordered_set<ScopeId> Overlay::touched_scopes() const {
  std::unordered_set<ScopeId> out;
  const auto touch = [&](ScopeId scope) {
    while (scope != none && out.insert(scope).second) scope = graph_->scope(scope).parent;
  };
  for (const NodeId node : removed_) touch(graph_->node(node).scope);
  for (const auto& [scope, nodes] : prologues_) touch(scope);
  for (const ConstantId constant : dropped_) touch(graph_->constant(constant).scope);
  for (const NewTensor& tensor : tensors_) touch(tensor.scope);
  return out;
}

}  // namespace octet::graph
