// A BatchNormalization as what it does to each channel: x·factor + shift.
#pragma once

#include <optional>
#include <vector>

#include "graph/graph.hpp"

namespace octet::forms {

struct Normalization {
  std::vector<float> factor;
  std::vector<float> shift;
};

// nullopt for another operator, for one that is training, gives more than its first output or
// is not made of `channels` float32 constants, and where a factor is not finite.
[[nodiscard]] std::optional<Normalization> normalization(const graph::Graph& graph,
                                                         graph::NodeId node, std::size_t channels);

}  // namespace octet::forms
