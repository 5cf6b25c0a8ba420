// What a graph demands of the dynamic axes of its inputs, so that made-up inputs fit.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/graph.hpp"
#include "graph/shape.hpp"

namespace octet::graph {

// One input a caller must feed. `demanded` has a size where the declaration gives one or where the
// graph leaves no other choice (channels of a Conv's weight, rows of a MatMul's, …). Axes with
// equal symbols must be given equal sizes, those with a sum ("past + length") the sum; an axis
// without either is free.
struct InputDims {
  std::string name;
  Shape declared;
  Shape demanded;
};

// In the order of the graph's inputs; those of unknown rank, and those that are no tensors, are
// left out. Where an operator broadcasts, the sizes that need no broadcasting are taken.
[[nodiscard]] std::vector<InputDims> input_dims(const Graph& graph);

// The size of a symbol, or of a sum of symbols and numbers, given the sizes of symbols; nullopt
// when one is missing or it is no sum.
[[nodiscard]] std::optional<std::int64_t> size_of_symbol(
    std::string_view symbol, const std::map<std::string, std::int64_t>& sizes);
// "past + length" gives past and length, "n + 1" n and 1; a name alone gives itself.
[[nodiscard]] std::vector<std::string_view> terms_of(std::string_view symbol);

}  // namespace octet::graph
