#include "graph/functions.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "graph/function_body.hpp"
#include "onnx/field_numbers.hpp"

namespace octet::graph {
namespace {

namespace f = onnx::field;

constexpr int max_depth = 64;

Function read_function(onnx::Bytes message, const onnx::Origin& origin) {
  Function out;
  out.message = message;
  onnx::Reader reader(message, origin, "FunctionProto");
  while (const auto field = reader.next()) {
    switch (field->number) {
      case f::function::name:
        out.name = field->text();
        break;
      case f::function::domain:
        out.domain = field->text();
        break;
      case f::function::overload:
        out.overload = field->text();
        break;
      case f::function::input:
        out.inputs.push_back(field->text());
        break;
      case f::function::output:
        out.outputs.push_back(field->text());
        break;
      case f::function::node:
        reader.expect(*field, onnx::WireType::length);
        out.nodes.push_back(field->payload);
        break;
      case f::function::attribute_proto:
        reader.expect(*field, onnx::WireType::length);
        out.defaults.push_back(onnx::read_attribute(field->payload, origin));
        break;
      case f::function::opset_import:
        reader.expect(*field, onnx::WireType::length);
        out.opsets.push_back(onnx::read_opset(field->payload, origin));
        break;
      default:
        break;
    }
  }
  if (out.domain == "ai.onnx") out.domain = "";
  return out;
}

std::string_view overload_of(const onnx::NodeView& node, const onnx::Origin& origin) {
  onnx::Reader reader(node.message, origin, "NodeProto");
  std::string_view out;
  while (const auto field = reader.next()) {
    if (field->number == f::node::overload) out = field->text();
  }
  return out;
}

const onnx::OpsetView* import_of(const std::vector<onnx::OpsetView>& opsets,
                                 std::string_view domain) {
  for (const onnx::OpsetView& opset : opsets) {
    if (opset.domain == domain) return &opset;
  }
  return nullptr;
}

}  // namespace

void Functions::add(onnx::Bytes message) {
  Function function = read_function(message, *origin_);
  by_key_.emplace(Key{function.domain, function.name, function.overload}, functions_.size());
  functions_.push_back(std::move(function));
}

std::vector<onnx::OpsetView> Functions::settle(const std::vector<onnx::OpsetView>& opsets,
                                               onnx::Bytes graph) {
  std::vector<onnx::OpsetView> missing;
  for (Function& function : functions_) {
    for (const onnx::OpsetView& opset : function.opsets) {
      const onnx::OpsetView* own = import_of(opsets, opset.domain);
      if (own == nullptr) own = import_of(missing, opset.domain);
      if (own == nullptr) missing.push_back(opset);
      if (own != nullptr && own->version != opset.version) function.can_be_written_out = false;
    }
  }
  if (!functions_.empty()) collect_names(graph, 0);
  return missing;
}

const Function* Functions::called_by(const onnx::NodeView& node) const& {
  if (functions_.empty()) return nullptr;
  const auto found = by_key_.find({node.domain, node.op_type, overload_of(node, *origin_)});
  if (found == by_key_.end()) return nullptr;
  const Function& function = functions_[found->second];
  return function.can_be_written_out ? &function : nullptr;
}

// Names that a written-out body must not meet.
void Functions::collect_names(onnx::Bytes graph, int depth) {
  if (depth > max_depth) return;  // import refuses it
  onnx::Reader reader(graph, *origin_, "GraphProto");
  while (const auto field = reader.next()) {
    switch (field->number) {
      case f::graph::node: {
        const onnx::NodeView node = onnx::read_node(field->payload, *origin_);
        names_.emplace(node.name);
        names_.insert(node.inputs.begin(), node.inputs.end());
        names_.insert(node.outputs.begin(), node.outputs.end());
        for (const onnx::AttributeView& attribute : node.attributes) {
          for (const onnx::Bytes body : attribute.graphs) collect_names(body, depth + 1);
        }
        break;
      }
      case f::graph::initializer:
        names_.emplace(name_of_tensor(field->payload, *origin_));
        break;
      case f::graph::input:
      case f::graph::output:
        names_.emplace(onnx::read_value(field->payload, *origin_).name);
        break;
      default:
        break;
    }
  }
}

std::string Functions::free_prefix(const std::string& label) {
  const auto is_taken = [&](const std::string& prefix) {
    const auto next = names_.lower_bound(prefix);
    return prefixes_.contains(prefix) || (next != names_.end() && next->starts_with(prefix));
  };
  std::string out = label + "/";
  for (int i = 1; is_taken(out); ++i) out = fmt::format("{}_{}/", label, i);
  prefixes_.insert(out);
  return out;
}

std::vector<std::string> Functions::written_out(const Function& function,
                                                const onnx::NodeView& call,
                                                const std::string& label) {
  return FunctionBody(function, call, free_prefix(label), *origin_).nodes();
}

}  // namespace octet::graph
