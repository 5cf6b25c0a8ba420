#include "tune/excerpt.hpp"

#include <algorithm>
#include <set>

#include "onnx/declarations.hpp"
#include "onnx/field_numbers.hpp"
#include "onnx/message.hpp"

namespace octet::tuning {
namespace {

namespace field = onnx::field;

// The nodes of the excerpt in their order: those that hand the weights on, then the node.
std::vector<graph::NodeId> nodes_of(const forms::Survey& survey, graph::NodeId node) {
  std::set<graph::NodeId> out = {node};
  for (const forms::Place& place : survey.places(node)) {
    if (place.source.constant == graph::none) continue;
    for (const graph::NodeId passage : survey.passages(place)) out.insert(passage);
  }
  std::vector<graph::NodeId> sorted(out.begin(), out.end());
  const graph::Graph& graph = survey.graph();
  std::ranges::sort(sorted, {}, [&](graph::NodeId id) { return graph.node(id).position; });
  return sorted;
}

// With its elements inside, wherever they were.
onnx::Message inline_tensor(const graph::Graph& graph, const graph::Constant& constant) {
  onnx::Message out = onnx::tensor_head(constant.tensor.type, constant.tensor.dims);
  out.text(field::tensor::name, graph.value(constant.value).name);
  const onnx::Bytes elements = graph.elements(constant);
  out.text(field::tensor::raw_data,
           {reinterpret_cast<const char*>(elements.data()), elements.size()});
  return out;
}

class Writer {
 public:
  Writer(const forms::Survey& survey, graph::NodeId node, const std::vector<Seen>& seen)
      : graph_(survey.graph()), nodes_(nodes_of(survey, node)), seen_(seen) {}

  std::optional<Excerpt> write(graph::NodeId node) {
    onnx::Message body;
    for (const graph::NodeId id : nodes_) {
      if (!read_inputs(id, body)) return std::nullopt;
    }
    for (const graph::NodeId id : nodes_) body.copy(graph_.node(id).whole);
    body.text(field::graph::name, "excerpt");
    for (const Seen& input : out_.inputs)
      body.message(field::graph::input, onnx::value_info(input.name, input.type, input.dims));
    for (const graph::ValueId value : graph_.node(node).outputs) {
      if (value == graph::none || graph_.value(value).name.empty()) continue;
      if (out_.output.empty()) out_.output = graph_.value(value).name;
      onnx::Message output;
      output.text(field::value_info::name, graph_.value(value).name);
      body.message(field::graph::output, std::move(output));
    }
    onnx::Message model;
    model.varint(field::model::ir_version, static_cast<std::uint64_t>(graph_.model().ir_version));
    for (const onnx::OpsetView& opset : graph_.model().opsets)
      model.message(field::model::opset_import, onnx::opset_import(opset.domain, opset.version));
    model.message(field::model::graph, std::move(body));
    out_.model = model.bytes();
    return std::move(out_);
  }

 private:
  // False: some input has no size that could be given.
  bool read_inputs(graph::NodeId id, onnx::Message& body) {
    for (const graph::ValueId value : graph_.node(id).inputs) {
      if (value == graph::none || !done_.insert(value).second) continue;
      const graph::Value& read = graph_.value(value);
      if (read.constant != graph::none) {
        write_constant(graph_.constant(read.constant), body);
        continue;
      }
      const bool is_inside = std::ranges::find(nodes_, read.producer) != nodes_.end();
      if (is_inside) continue;
      const auto found = std::ranges::find(seen_, read.name, &Seen::name);
      if (found == seen_.end() || base::element_size(found->type) == 0 ||
          std::ranges::any_of(found->dims, [](std::int64_t size) { return size < 0; }))
        return false;
      out_.inputs.push_back(*found);
    }
    return true;
  }

  void write_constant(const graph::Constant& constant, onnx::Message& body) {
    if (constant.node != graph::none) {
      body.copy(graph_.node(constant.node).whole);
    } else if (constant.tensor.external) {
      body.message(field::graph::initializer, inline_tensor(graph_, constant));
    } else {
      body.copy(constant.whole);
    }
  }

  const graph::Graph& graph_;
  std::vector<graph::NodeId> nodes_;
  const std::vector<Seen>& seen_;
  std::set<graph::ValueId> done_;
  Excerpt out_;
};

}  // namespace

std::optional<std::vector<std::string>> inputs_of(const forms::Survey& survey, graph::NodeId node) {
  const graph::Graph& graph = survey.graph();
  if (graph.node(node).scope != 0 || !graph.node(node).bodies.empty()) return std::nullopt;
  const std::vector<graph::NodeId> nodes = nodes_of(survey, node);
  std::vector<std::string> out;
  for (const graph::NodeId id : nodes) {
    for (const graph::ValueId value : graph.node(id).inputs) {
      if (value == graph::none || graph.value(value).constant != graph::none) continue;
      if (graph.value(value).scope != 0) return std::nullopt;
      if (std::ranges::find(nodes, graph.value(value).producer) == nodes.end())
        out.emplace_back(graph.value(value).name);
    }
  }
  return out;
}

std::optional<Excerpt> excerpt(const forms::Survey& survey, graph::NodeId node,
                               const std::vector<Seen>& seen) {
  return Writer(survey, node, seen).write(node);
}

}  // namespace octet::tuning
