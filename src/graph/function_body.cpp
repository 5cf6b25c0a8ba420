#include "graph/function_body.hpp"

#include <fmt/format.h>

#include <utility>

#include "onnx/field_numbers.hpp"

namespace octet::graph {
namespace {

namespace f = onnx::field;

std::string_view text_field(onnx::Bytes message, std::uint32_t number, const onnx::Origin& origin) {
  std::string_view out;
  onnx::Reader reader(message, origin, "AttributeProto");
  while (const auto field = reader.next()) {
    if (field->number == number) out = field->text();
  }
  return out;
}

}  // namespace

std::string_view name_of_tensor(onnx::Bytes message, const onnx::Origin& origin) {
  return text_field(message, f::tensor::name, origin);
}

FunctionBody::FunctionBody(const Function& function, const onnx::NodeView& call, std::string prefix,
                           const onnx::Origin& origin)
    : function_(function), call_(call), prefix_(std::move(prefix)), origin_(origin) {
  for (std::size_t i = 0; i < function.outputs.size(); ++i) {
    if (i < call.outputs.size() && !call.outputs[i].empty())
      outside_[function.outputs[i]] = call.outputs[i];
  }
  for (std::size_t i = 0; i < function.inputs.size(); ++i)
    outside_[function.inputs[i]] = i < call.inputs.size() ? std::string(call.inputs[i]) : "";
}

std::vector<std::string> FunctionBody::nodes() {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < function_.nodes.size(); ++i)
    out.push_back(node(function_.nodes[i], i, {}).bytes());
  // An input that is handed out as it came.
  for (std::size_t i = 0; i < function_.outputs.size() && i < call_.outputs.size(); ++i) {
    const auto input = outside_.find(function_.outputs[i]);
    if (call_.outputs[i].empty() || input == outside_.end() || input->second == call_.outputs[i])
      continue;
    onnx::Message identity;
    identity.text(f::node::input, input->second);
    identity.text(f::node::output, call_.outputs[i]);
    identity.text(f::node::name, fmt::format("{}Identity#out{}", prefix_, i));
    identity.text(f::node::op_type, "Identity");
    out.push_back(identity.bytes());
  }
  return out;
}

std::string FunctionBody::name(std::string_view inside, const Hidden& hidden) const {
  if (inside.empty()) return "";
  const auto outside = outside_.find(inside);
  if (outside != outside_.end() && !hidden.contains(inside)) return outside->second;
  return prefix_ + std::string(inside);
}

onnx::Message FunctionBody::node(onnx::Bytes message, std::size_t position,
                                 const Hidden& hidden) const {
  const onnx::NodeView view = onnx::read_node(message, origin_);
  onnx::Message out;
  onnx::Reader reader(message, origin_, "NodeProto");
  while (const auto field = reader.next()) {
    switch (field->number) {
      case f::node::input:
      case f::node::output:
        out.text(field->number, name(field->text(), hidden));
        break;
      case f::node::name:
        break;
      case f::node::attribute:
        attribute(field->payload, hidden, out);
        break;
      default:
        out.copy(field->whole);
    }
  }
  out.text(f::node::name, view.name.empty()
                              ? fmt::format("{}{}#{}", prefix_, view.op_type, position)
                              : fmt::format("{}{}", prefix_, view.name));
  return out;
}

// A reference takes the caller's value, or the function's default; without either the attribute is
// left out, as the caller left it out.
void FunctionBody::attribute(onnx::Bytes message, const Hidden& hidden, onnx::Message& node) const {
  const std::string_view reference = text_field(message, f::attribute::ref_attr_name, origin_);
  onnx::Message out;
  if (!reference.empty()) {
    const onnx::AttributeView* value = given(reference);
    if (value == nullptr) return;
    out.text(f::attribute::name, text_field(message, f::attribute::name, origin_));
    onnx::Reader reader(value->message, origin_, "AttributeProto");
    while (const auto field = reader.next()) {
      if (field->number != f::attribute::name) out.copy(field->whole);
    }
  } else {
    onnx::Reader reader(message, origin_, "AttributeProto");
    while (const auto field = reader.next()) {
      if (field->number == f::attribute::g || field->number == f::attribute::graphs)
        out.message(field->number, subgraph(field->payload, hidden));
      else
        out.copy(field->whole);
    }
  }
  node.message(f::node::attribute, std::move(out));
}

const onnx::AttributeView* FunctionBody::given(std::string_view attribute) const {
  if (const onnx::AttributeView* value = call_.attribute(attribute)) return value;
  for (const onnx::AttributeView& value : function_.defaults) {
    if (value.name == attribute) return &value;
  }
  return nullptr;
}

onnx::Message FunctionBody::subgraph(onnx::Bytes message, Hidden hidden) const {
  onnx::Reader names(message, origin_, "GraphProto");
  while (const auto field = names.next()) {
    if (field->number == f::graph::input)
      hidden.insert(onnx::read_value(field->payload, origin_).name);
    if (field->number == f::graph::initializer)
      hidden.insert(name_of_tensor(field->payload, origin_));
    if (field->number != f::graph::node) continue;
    const onnx::NodeView view = onnx::read_node(field->payload, origin_);
    hidden.insert(view.outputs.begin(), view.outputs.end());
  }
  onnx::Message out;
  onnx::Reader reader(message, origin_, "GraphProto");
  for (std::size_t position = 0; const auto field = reader.next();) {
    switch (field->number) {
      case f::graph::node:
        out.message(field->number, node(field->payload, position++, hidden));
        break;
      case f::graph::initializer:
        out.message(field->number, renamed(field->payload, f::tensor::name, hidden));
        break;
      case f::graph::input:
      case f::graph::output:
      case f::graph::value_info:
        out.message(field->number, renamed(field->payload, f::value_info::name, hidden));
        break;
      default:
        out.copy(field->whole);
    }
  }
  return out;
}

onnx::Message FunctionBody::renamed(onnx::Bytes message, std::uint32_t name_field,
                                    const Hidden& hidden) const {
  onnx::Message out;
  onnx::Reader reader(message, origin_, "ValueInfoProto");
  while (const auto field = reader.next()) {
    if (field->number == name_field)
      out.text(name_field, name(field->text(), hidden));
    else
      out.copy(field->whole);
  }
  return out;
}

}  // namespace octet::graph
