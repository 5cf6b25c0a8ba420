// Weights that are no normal numbers: so near zero that processors take a hundred times as long for
// each product with them.
#pragma once

#include <cstdint>

#include "graph/graph.hpp"

namespace octet::graph {

// How many elements of a float32 constant are subnormal: not zero, and below 1.17549435e-38. 0 for
// other types. Reads it once.
[[nodiscard]] std::uint64_t count_subnormals(const Graph& graph, const Constant& constant);

// Of all constants.
[[nodiscard]] std::uint64_t count_subnormals(const Graph& graph);

// Copies float32 elements, subnormal ones as zeros of their sign.
void copy_flushed(onnx::Bytes from, std::span<std::byte> to);

}  // namespace octet::graph
