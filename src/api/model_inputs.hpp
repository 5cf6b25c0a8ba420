// What a loaded model wants to be fed with, joined with what its graph implies about the values.
#pragma once

#include <cstdint>
#include <vector>

#include "data/inputs.hpp"
#include "graph/graph.hpp"
#include "octet/model_source.hpp"
#include "runtime/session.hpp"

namespace octet::api {

// One spec per port, in order. Bounds come from the graph; a model that cannot be read as a graph
// gives none.
[[nodiscard]] std::vector<data::InputSpec> model_inputs(const octet::ModelSource& model,
                                                        const std::vector<runtime::Port>& ports);
[[nodiscard]] std::vector<data::InputSpec> model_inputs(const graph::Graph& graph,
                                                        const std::vector<runtime::Port>& ports);

// Size of the model's file and of the data files it points to; of the bytes, for bytes.
[[nodiscard]] std::uint64_t model_bytes(const octet::ModelSource& model);

}  // namespace octet::api
