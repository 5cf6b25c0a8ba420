// What the graph implies about the values of its inputs, so that generated inputs make sense.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "graph/graph.hpp"

namespace octet::graph {

// Inclusive bounds. Ids are bounded by the tables they index (through Cast, Reshape, Unsqueeze and
// their kind); an integer input called a mask, or compared and cast like one, is 0 or 1.
struct InputHint {
  std::string name;
  std::optional<double> low;
  std::optional<double> high;
  // Of an input of at most one element: what it is compared with for equality, and both values of
  // one that an If branches on; the smallest first.
  std::vector<std::int64_t> values;
};

[[nodiscard]] std::vector<InputHint> input_hints(const Graph& graph);

}  // namespace octet::graph
