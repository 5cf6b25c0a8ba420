// The numeric work behind a stored weight, cut into shards.
#pragma once

#include "forms/weight_store.hpp"

namespace octet::forms {

// Writes `data` (int8 or uint8, in the order of how.view) and `scale`. A weight that is no matrix
// lies as it lay.
[[nodiscard]] graph::Fill quantized_fill(const graph::Graph& graph, const graph::Constant& constant,
                                         const StoredAs& how, graph::TensorIndex data,
                                         graph::TensorIndex scale);

[[nodiscard]] graph::Fill float16_fill(const graph::Graph& graph, const graph::Constant& constant,
                                       graph::TensorIndex data);

}  // namespace octet::forms
