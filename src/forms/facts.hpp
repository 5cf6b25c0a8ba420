// What only the numbers of a weight can tell.
#pragma once

#include <functional>

#include "graph/graph.hpp"

namespace octet::forms {

struct Facts {
  bool finite = true;  // no NaN, no infinity
  float max_abs = 0;   // infinite when not finite
};

// Reads a floating constant once, in pieces that leave memory again: it may be larger than it.
[[nodiscard]] Facts measure(const graph::Graph& graph, const graph::Constant& constant);

// Called between weights, from any thread; throws to stop.
using Checkpoint = std::function<void()>;

}  // namespace octet::forms
