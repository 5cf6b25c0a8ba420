#include "graph/widening_scan.hpp"

#include <algorithm>

#include "onnx/field_numbers.hpp"

namespace octet::graph {
namespace {

namespace f = onnx::field;
using base::ElementType;

constexpr int max_depth = 64;
constexpr std::uint64_t worth_it = 1024;  // bytes of doubles
// Elements. Larger initializers keep their bytes and get a Cast.
constexpr std::uint64_t most_converted = 1024;

}  // namespace

void WideningScan::read(onnx::Bytes graph, int depth) {
  if (depth > max_depth) return;  // import refuses it
  onnx::Reader reader(graph, origin_, "GraphProto");
  while (const auto field = reader.next()) {
    switch (field->number) {
      case f::graph::node:
        read_node(field->payload, depth);
        break;
      case f::graph::initializer:
        read_tensor(onnx::read_tensor(field->payload, origin_));
        break;
      case f::graph::input: {
        const onnx::ValueView value = onnx::read_value(field->payload, origin_);
        made_.emplace(value.name);
        if (depth == 0 && value.kind == "tensor" && base::is_floating(value.type))
          inputs_.emplace(value.name, value.type);
        break;
      }
      case f::graph::output: {
        const onnx::ValueView value = onnx::read_value(field->payload, origin_);
        if (depth != 0) body_results_.emplace(value.name);
        if (depth == 0 && value.kind == "tensor" && base::is_floating(value.type))
          outputs_.emplace(value.name, value.type);
        break;
      }
      default:
        break;
    }
  }
}

void WideningScan::read_node(onnx::Bytes message, int depth) {
  const onnx::NodeView view = onnx::read_node(message, origin_);
  foreign_ = foreign_ || !known_domains_.contains(view.domain);
  made_.insert(view.outputs.begin(), view.outputs.end());
  if (!view.is("Cast")) read_.insert(view.inputs.begin(), view.inputs.end());
  for (const onnx::AttributeView& attribute : view.attributes) {
    if (attribute.tensor && view.is("Constant")) {
      const onnx::TensorView tensor = onnx::read_tensor(*attribute.tensor, origin_);
      bytes_[tensor.type] += tensor.size_bytes();
      if (!view.outputs.empty()) tensors_.emplace(view.outputs[0], tensor.type);
      if (!view.outputs.empty()) constants_.emplace(view.outputs[0]);
    }
    for (const onnx::Bytes body : attribute.graphs) read(body, depth + 1);
  }
}

void WideningScan::read_tensor(const onnx::TensorView& tensor) {
  bytes_[tensor.type] += tensor.size_bytes();
  tensors_.emplace(tensor.name, tensor.type);
  const bool at_hand = tensor.external || tensor.raw.size() == tensor.size_bytes();
  const bool small = tensor.elements <= most_converted || tensor.dims.size() < 2;
  if (tensor.external || (at_hand && !small)) weights_.emplace(tensor.name, tensor.type);
}

bool WideningScan::computes_narrow() const {
  const auto narrow = [](ElementType type) {
    return type == ElementType::float16 || type == ElementType::bfloat16;
  };
  const auto is = [&](const auto& entry) { return narrow(entry.second); };
  return std::any_of(inputs_.begin(), inputs_.end(), is) ||
         std::any_of(outputs_.begin(), outputs_.end(), is) ||
         std::any_of(tensors_.begin(), tensors_.end(), [&](const auto& entry) {
           return narrow(entry.second) && read_.contains(entry.first);
         });
}

std::set<ElementType> WideningScan::narrow_types() const {
  std::set<ElementType> out;
  if (computes_narrow()) out = {ElementType::float16, ElementType::bfloat16};
  const auto bytes = [&](ElementType type) {
    const auto found = bytes_.find(type);
    return found == bytes_.end() ? 0 : found->second;
  };
  const std::uint64_t doubles = bytes(ElementType::float64);
  if (doubles >= worth_it && doubles > bytes(ElementType::float32))
    out.insert(ElementType::float64);
  return out;
}

std::optional<Widening> WideningScan::result() const {
  Widening out(origin_);
  out.types_ = narrow_types();
  if (out.types_.empty() || foreign_) return std::nullopt;
  std::set<std::string> taken;
  for (const Names* names : {&made_, &read_}) taken.insert(names->begin(), names->end());
  for (const auto& [name, type] : tensors_) taken.insert(name);
  const auto widen = [&](const std::string& name) {
    std::string wide = name + "_float32";
    while (!taken.insert(wide).second) wide += "_";
    out.names_.emplace(name, std::move(wide));
  };
  std::map<std::string, ElementType> cast = weights_;
  for (const auto& [name, type] : tensors_) {
    const bool comes_or_goes = inputs_.contains(name) || outputs_.contains(name);
    if (comes_or_goes && !constants_.contains(name)) cast.emplace(name, type);
  }
  for (const auto& [name, type] : cast) {
    if (!out.narrow(type)) continue;
    // A default that the caller may override comes in like any input.
    if (!inputs_.contains(name) && made_.contains(name)) return std::nullopt;
    widen(name);
  }
  for (const auto& [name, type] : inputs_) {
    if (!out.narrow(type)) continue;
    out.inputs_.emplace(name, type);
    if (!out.names_.contains(name)) widen(name);
  }
  for (const std::string& name : body_results_) {
    if (out.names_.contains(name)) return std::nullopt;  // a body that gives what is not its own
  }
  for (const auto& [name, type] : outputs_) {
    if (!out.narrow(type) || out.names_.contains(name)) continue;
    out.outputs_.emplace(name, type);
    widen(name);
  }
  return out;
}

}  // namespace octet::graph
