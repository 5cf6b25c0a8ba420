// The numbers of small constants: axes, sizes, scales; never of weights.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "graph/graph.hpp"

namespace octet::graph {

// Longer constants are no shapes.
inline constexpr std::uint64_t most_small_values = 64;

// An int64 or int32 constant inside the model file; nullopt for others, for longer ones, and for
// initializers that a caller may override. Wherever the numbers stand: raw_data, int64_data,
// int32_data.
[[nodiscard]] std::optional<std::vector<std::int64_t>> small_integers(const Graph& graph,
                                                                      const Constant& constant);
// The same for float32.
[[nodiscard]] std::optional<std::vector<float>> small_floats(const Graph& graph,
                                                             const Constant& constant);

}  // namespace octet::graph
