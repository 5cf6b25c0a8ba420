// Sizes that the user's data have, for planning.
#pragma once

#include "forms/survey.hpp"
#include "graph/graph.hpp"
#include "octet/data.hpp"

namespace octet::tuning {

// options.dims, and for each dynamic dimension of an input but the first the size it has in the
// data, as "input:axis", where it has the same in all of them (in the first 32 of many). Data that
// cannot be read or do not fit say nothing here: whoever runs the model refuses them.
[[nodiscard]] forms::NamedDims likely_dims(const graph::Graph& graph,
                                           const octet::DataOptions& options);

}  // namespace octet::tuning
