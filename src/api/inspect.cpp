#include "octet/inspect.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "forms/survey.hpp"
#include "graph/graph.hpp"
#include "plan/planner.hpp"
#include "plan/weight_account.hpp"

namespace octet {
namespace {

ValueSummary summary_of(const onnx::ValueView& view) {
  ValueSummary out;
  out.name = std::string(view.name);
  out.type =
      view.kind == "tensor" ? std::string(base::element_name(view.type)) : std::string(view.kind);
  if (!view.has_shape && view.kind == "tensor") out.shape = {"…"};
  for (const onnx::DimView& dim : view.dims) {
    if (dim.value) {
      out.shape.push_back(std::to_string(*dim.value));
    } else {
      out.shape.push_back(dim.symbol.empty() ? "?" : std::string(dim.symbol));
    }
  }
  return out;
}

std::vector<WeightSummary> weights_of(const forms::Survey& survey, const Plan& plan) {
  const graph::Graph& graph = survey.graph();
  const std::vector<WeightAccount> accounts = plan::weight_accounts(survey, plan);
  std::vector<WeightSummary> out;
  for (graph::ConstantId id = 0; id < graph.constants().size(); ++id) {
    const graph::Constant& constant = graph.constant(id);
    WeightSummary weight;
    weight.name = std::string(constant.tensor.name);
    weight.type = std::string(base::element_name(constant.tensor.type));
    weight.shape = constant.tensor.dims;
    weight.bytes = constant.tensor.size_bytes();
    weight.where = graph.scope(constant.scope).path +
                   (constant.node == graph::none ? "initializer" : "Constant");
    weight.form = accounts[id].form;
    weight.reason = accounts[id].reason;
    if (!weight.reason.empty()) weight.storage = accounts[id].storage;
    out.push_back(std::move(weight));
  }
  std::stable_sort(out.begin(), out.end(), [](const WeightSummary& a, const WeightSummary& b) {
    return a.bytes > b.bytes;
  });
  return out;
}

std::vector<std::pair<std::string, std::uint64_t>> operators_of(const graph::Graph& graph) {
  std::map<std::string, std::uint64_t> count;
  for (const graph::Node& node : graph.nodes()) ++count[forms::op_name(node.view)];
  std::vector<std::pair<std::string, std::uint64_t>> out(count.begin(), count.end());
  std::stable_sort(out.begin(), out.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  return out;
}

}  // namespace

Inspection inspect(const ModelSource& model, const PlanOptions& options) {
  const graph::Graph graph = graph::Graph::import(model);
  const graph::Scope& main = graph.scope(0);
  Inspection out;
  out.model = model.label();
  out.ir_version = graph.model().ir_version;
  out.producer = std::string(graph.model().producer);
  for (const onnx::OpsetView& opset : graph.model().opsets) {
    out.opsets.emplace_back(opset.domain.empty() ? "ai.onnx" : std::string(opset.domain),
                            opset.version);
  }
  out.file_bytes = graph.total_bytes();
  for (const onnx::ValueView& input : main.inputs) {
    const auto value = main.names.find(input.name);
    const bool is_default =
        value != main.names.end() && graph.value(value->second).constant != graph::none;
    if (!is_default) out.inputs.push_back(summary_of(input));
  }
  for (const onnx::ValueView& output : main.outputs) out.outputs.push_back(summary_of(output));
  out.operators = operators_of(graph);
  const forms::Survey survey(graph);
  out.plan = plan::make(survey, options);
  out.weights = weights_of(survey, out.plan);
  graph.verify();
  return out;
}

bool holds_int8(const ModelSource& model) {
  constexpr std::uint64_t no_weight = 256;  // scales, shapes, tables of a few entries
  const graph::Graph graph = graph::Graph::import(model);
  return std::ranges::any_of(graph.constants(), [](const graph::Constant& constant) {
    const base::ElementType type = constant.tensor.type;
    const bool eight = type == base::ElementType::int8 || type == base::ElementType::uint8;
    return eight && constant.tensor.size_bytes() >= no_weight;
  });
}

}  // namespace octet
