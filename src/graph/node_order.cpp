#include "graph/node_order.hpp"

#include <algorithm>
#include <functional>
#include <numeric>
#include <queue>

namespace octet::graph {
namespace {

// The node of `scope` that `node` is, or is inside of; none when it is elsewhere.
NodeId lifted(const Graph& graph, NodeId node, ScopeId scope) {
  while (node != none && graph.node(node).scope != scope)
    node = graph.scope(graph.node(node).scope).owner;
  return node;
}

}  // namespace

std::vector<std::uint32_t> stable_order(
    std::uint32_t count, std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs) {
  std::vector<std::uint32_t> out;
  out.reserve(count);
  const bool in_order = std::all_of(pairs.begin(), pairs.end(),
                                    [](const auto& pair) { return pair.first < pair.second; });
  if (in_order) {
    out.resize(count);
    std::iota(out.begin(), out.end(), 0);
    return out;
  }
  std::sort(pairs.begin(), pairs.end());
  std::vector<std::size_t> begin(std::size_t{count} + 1, 0);  // of each item's pairs
  std::vector<std::uint32_t> waits(count, 0);
  for (const auto& [first, then] : pairs) {
    ++begin[first + 1];
    ++waits[then];
  }
  std::partial_sum(begin.begin(), begin.end(), begin.begin());
  std::priority_queue<std::uint32_t, std::vector<std::uint32_t>, std::greater<>> ready;
  for (std::uint32_t item = 0; item < count; ++item) {
    if (waits[item] == 0) ready.push(item);
  }
  while (!ready.empty()) {
    const std::uint32_t item = ready.top();
    ready.pop();
    out.push_back(item);
    for (std::size_t i = begin[item]; i < begin[item + 1]; ++i) {
      if (--waits[pairs[i].second] == 0) ready.push(pairs[i].second);
    }
  }
  return out;
}

std::vector<std::vector<Dependency>> dependencies(const Graph& graph) {
  std::vector<std::vector<Dependency>> out(graph.scopes().size());
  const auto add = [&](ValueId value, NodeId reader) {
    const NodeId producer = value == none ? none : graph.value(value).producer;
    if (producer == none) return;
    const ScopeId scope = graph.node(producer).scope;
    const NodeId waiting = lifted(graph, reader, scope);
    if (waiting != none) out[scope].push_back({producer, waiting});
  };
  for (NodeId id = 0; id < graph.nodes().size(); ++id) {
    for (const ValueId input : graph.node(id).inputs) add(input, id);
  }
  for (const Scope& scope : graph.scopes()) {
    if (scope.owner == none) continue;
    // A body may hand on a value from around it.
    for (const ValueId output : scope.results) add(output, scope.owner);
  }
  return out;
}

std::vector<std::vector<NodeId>> node_order(const Graph& graph) {
  const std::vector<std::vector<Dependency>> waits = dependencies(graph);
  std::vector<std::uint32_t> index(graph.nodes().size());  // in its scope
  for (const Scope& scope : graph.scopes()) {
    for (std::uint32_t i = 0; i < scope.nodes.size(); ++i) index[scope.nodes[i]] = i;
  }
  std::vector<std::vector<NodeId>> out;
  for (ScopeId scope = 0; scope < graph.scopes().size(); ++scope) {
    const std::vector<NodeId>& nodes = graph.scope(scope).nodes;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
    pairs.reserve(waits[scope].size());
    for (const Dependency& d : waits[scope]) pairs.emplace_back(index[d.producer], index[d.reader]);
    std::vector<NodeId> order;
    order.reserve(nodes.size());
    for (const std::uint32_t i :
         stable_order(static_cast<std::uint32_t>(nodes.size()), std::move(pairs)))
      order.push_back(nodes[i]);
    out.push_back(std::move(order));
  }
  return out;
}

NodeId on_a_circle(const Graph& graph, ScopeId scope, const std::vector<NodeId>& order) {
  std::unordered_set<NodeId> left(graph.scope(scope).nodes.begin(), graph.scope(scope).nodes.end());
  for (const NodeId node : order) left.erase(node);
  // Every node left out waits for another one that is: going back must come round.
  std::unordered_map<NodeId, NodeId> back;
  const std::vector<std::vector<Dependency>> waits = dependencies(graph);
  for (const Dependency& d : waits[scope]) {
    if (left.contains(d.producer) && left.contains(d.reader)) back[d.reader] = d.producer;
  }
  if (back.empty()) return none;
  NodeId node = back.begin()->first;
  for (std::size_t step = 0; step < left.size(); ++step) node = back.at(node);
  return node;
}

}  // namespace octet::graph
