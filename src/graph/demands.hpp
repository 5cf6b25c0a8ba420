// Which axes an operator forces to be equal.
#pragma once

#include <utility>
#include <vector>

#include "graph/shapes.hpp"

namespace octet::graph {

// Two dimensions of one node that must be equal, one of them not a number.
struct Demand {
  Dim a;
  Dim b;
};

struct Demands {
  std::vector<Demand> strict;  // the node fails otherwise
  std::vector<Demand> likely;  // a 1 would do too: it broadcasts
};

[[nodiscard]] Demands demands(const Graph& graph, const Shapes& shapes);

}  // namespace octet::graph
