// What is known of a model before anything is decided: built once; planner, apply, inspect and
// reports read it.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "forms/facts.hpp"
#include "forms/labels.hpp"
#include "forms/source.hpp"
#include "graph/graph.hpp"
#include "graph/shapes.hpp"

namespace octet::forms {

// Node `node` reads a weight through input `slot`. source.constant is none where a weight is
// expected (a MatMul's second input) and is computed while the model runs.
struct Place {
  graph::NodeId node = graph::none;
  std::uint32_t slot = 0;
  Source source;
};

// Sizes of dimensions by their symbol or as "input:axis", as far as they are known: the user gave
// them, or their data have them.
using NamedDims = std::map<std::string, std::int64_t>;

class Survey {
 public:
  // Reads no weight. The graph must outlive the survey.
  explicit Survey(const graph::Graph& graph, const NamedDims& dims = {});
  Survey(const Survey&) = delete;
  Survey& operator=(const Survey&) = delete;

  [[nodiscard]] const graph::Graph& graph() const { return *graph_; }
  [[nodiscard]] const NodeLabels& labels() const& { return labels_; }
  [[nodiscard]] const NodeLabels& labels() const&& = delete;
  // In the order of nodes and slots. A node that only hands a weight on, seen differently, to
  // places that look through it is no place itself.
  [[nodiscard]] std::span<const Place> places() const& { return places_; }
  [[nodiscard]] std::span<const Place> places() const&& = delete;
  [[nodiscard]] std::span<const Place> places(graph::NodeId node) const&;
  [[nodiscard]] std::span<const Place> places(graph::NodeId node) const&& = delete;
  // nullptr when the node reads no weight there.
  [[nodiscard]] const Place* place(graph::NodeId node, std::uint32_t slot) const&;
  [[nodiscard]] const Place* place(graph::NodeId node, std::uint32_t slot) const&& = delete;
  // The nodes a place looks through, its own end first.
  [[nodiscard]] std::vector<graph::NodeId> passages(const Place& place) const;

  // What holds for every run; nullptr: not even the rank is known.
  [[nodiscard]] const graph::Shape* shape(graph::ValueId value) const;
  // What costs are reckoned with: dimensions the user named have their size, and what follows.
  [[nodiscard]] const graph::Shape* likely_shape(graph::ValueId value) const;
  // The product of all sizes but the last: how many rows a MatMul of this value has. 0: not known.
  [[nodiscard]] std::int64_t rows(graph::ValueId value) const;

  // Reads these float32 constants that nobody has measured yet, in parallel. `checkpoint` may be
  // empty.
  void measure(const std::vector<graph::ConstantId>& constants, unsigned threads,
               const Checkpoint& checkpoint) const;
  // Of a float32 constant; measured now where nobody has.
  [[nodiscard]] Facts facts(graph::ConstantId constant) const;

 private:
  const graph::Graph* graph_;
  NodeLabels labels_;
  mutable Sources sources_;
  graph::Shapes shapes_;
  std::optional<graph::Shapes> likely_;  // where the user named dimensions
  std::vector<Place> places_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> places_of_;  // by node: first, last
  mutable std::map<graph::ConstantId, Facts> facts_;
};

}  // namespace octet::forms
