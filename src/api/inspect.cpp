#include "octet/inspect.hpp"

#include <algorithm>

#include "forms/survey.hpp"
#include "graph/graph.hpp"
#include "plan/contents.hpp"
#include "plan/planner.hpp"

namespace octet {

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
    if (!is_default) out.inputs.push_back(plan::summary_of(input));
  }
  for (const onnx::ValueView& output : main.outputs)
    out.outputs.push_back(plan::summary_of(output));
  out.operators = plan::operators_of(graph);
  const forms::Survey survey(graph);
  out.plan = plan::make(survey, options);
  out.weights = plan::weights_of(survey, out.plan);
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
