// An order in which every node stands behind what it reads.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "graph/graph.hpp"

namespace octet::graph {

// Items [0, count) and pairs (first, then): the order nearest to 0, 1, 2 … in which `first` stands
// before `then`. Items on a circle, and those behind one, are left out. Linear when the items are
// in order already, else n log n; never recursive.
[[nodiscard]] std::vector<std::uint32_t> stable_order(
    std::uint32_t count, std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs);

// Which nodes of one scope wait for which: (producer, reader), both nodes of that scope. What is
// read inside a node's bodies is read by the node.
struct Dependency {
  NodeId producer = none;
  NodeId reader = none;
};
// By scope.
[[nodiscard]] std::vector<std::vector<Dependency>> dependencies(const Graph& graph);

// The nodes of every scope in order, by scope. Nodes on a circle are left out.
[[nodiscard]] std::vector<std::vector<NodeId>> node_order(const Graph& graph);

// A node of `scope` on a circle, given the order that leaves some out.
[[nodiscard]] NodeId on_a_circle(const Graph& graph, ScopeId scope,
                                 const std::vector<NodeId>& order);

}  // namespace octet::graph
