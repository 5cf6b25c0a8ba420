// What a model holds, for those who look inside it.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "forms/survey.hpp"
#include "graph/graph.hpp"
#include "octet/inspect.hpp"
#include "octet/plan.hpp"

namespace octet::plan {

// Type and shape as they are declared: symbols by name, "?" for what has none, "…" for no shape.
[[nodiscard]] ValueSummary summary_of(const onnx::ValueView& view);

// Of every scope, the largest first; what becomes of each in the plan.
[[nodiscard]] std::vector<WeightSummary> weights_of(const forms::Survey& survey,
                                                    const octet::Plan& plan);

// How often each operator stands in the graph, its subgraphs and functions: the most frequent
// first.
[[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> operators_of(
    const graph::Graph& graph);

}  // namespace octet::plan
