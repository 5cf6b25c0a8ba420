// Who reads a value.
#pragma once

#include "graph/graph.hpp"

namespace octet::forms {

// The one reader of a value that nobody else sees; none when there are more, or none.
[[nodiscard]] inline graph::NodeId sole_reader(const graph::Graph& graph, graph::ValueId id) {
  const graph::Value& value = graph.value(id);
  return value.is_scope_output || value.uses.size() != 1 ? graph::none : value.uses[0].node;
}

}  // namespace octet::forms
