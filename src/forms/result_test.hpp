// A model quantized in memory, and what became of it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "graph/graph.hpp"
#include "octet/quantize.hpp"
#include "support/sample_models.hpp"

namespace octet::forms {

struct Result {
  test::ModelBytes model;
  test::ModelBytes bytes;
  QuantizeReport report;

  [[nodiscard]] graph::Graph graph() const { return graph::Graph::import(test::source(bytes)); }
  [[nodiscard]] const Decision& decision(const std::string& node) const {
    return test::decision_of(report.plan, node);
  }
  [[nodiscard]] const WeightChoice& weight(const std::string& node, int input = -1) const {
    return test::weight_of(report.plan, node, input);
  }
  [[nodiscard]] std::string form(const std::string& node) const { return decision(node).form; }
  [[nodiscard]] std::string reason(const std::string& node) const { return decision(node).reason; }
  // How many nodes of each type the result has.
  [[nodiscard]] std::map<std::string, int> ops() const {
    std::map<std::string, int> out;
    const graph::Graph read = graph();
    for (const graph::Node& node : read.nodes()) ++out[std::string(node.view.op_type)];
    return out;
  }
  // How many constants of this type the result has, scalars apart.
  [[nodiscard]] int tensors(base::ElementType type) const {
    int n = 0;
    const graph::Graph read = graph();
    for (const graph::Constant& constant : read.constants()) {
      n += constant.tensor.type == type && constant.tensor.elements > 1 ? 1 : 0;
    }
    return n;
  }
  [[nodiscard]] double error(const test::Feed& feed) const {
    return test::error_of(bytes, model, feed);
  }
};

// The costs of a target, where a test is about what pays.
inline QuantizeOptions with_real_costs(const std::string& target = "avx512_vnni") {
  QuantizeOptions options = test::without_proof();
  options.planning.target = target;
  options.planning.costs =
      cost::to_json(cost::table_from_json(cost::built_in_table(target), target));
  return options;
}

// Every INT8 product pays, unless the options bring costs of their own: these tests are about how a
// form writes, not when.
inline Result quantize(const test::ModelBuilder& builder,
                       QuantizeOptions options = test::without_proof()) {
  if (options.planning.costs.empty() && !options.plan)
    options.planning.costs = test::int8_always_pays();
  Result result;
  result.model = builder.bytes();
  options.allow_unchanged = true;
  options.prove = false;
  auto quantized = octet::quantize_bytes(test::source(result.model), options);
  result.bytes = std::move(quantized.bytes);
  result.report = std::move(quantized.report);
  return result;
}

inline QuantizeOptions planned(const PlanOptions& planning) {
  QuantizeOptions options = test::without_proof();
  options.planning = planning;
  return options;
}

// A constant of the result, as the bytes it holds; empty when there is none of this name.
inline std::string constant(const graph::Graph& graph, std::string_view name) {
  for (const graph::Constant& c : graph.constants()) {
    if (c.tensor.name != name) continue;
    const auto elements = graph.elements(c);
    return {reinterpret_cast<const char*>(elements.data()), elements.size()};
  }
  return {};
}

}  // namespace octet::forms
