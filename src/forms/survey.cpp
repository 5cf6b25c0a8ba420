#include "forms/survey.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/parallel.hpp"
#include "forms/weight_slots.hpp"
#include "graph/input_dims.hpp"

namespace octet::forms {
namespace {

using graph::Graph;
using graph::NodeId;
using graph::none;

std::vector<Place> find_places(const Graph& graph, Sources& sources) {
  std::vector<Place> out;
  for (NodeId id = 0; id < graph.nodes().size(); ++id) {
    const graph::Node& node = graph.node(id);
    for (std::uint32_t slot = 0; slot < node.inputs.size(); ++slot) {
      if (node.inputs[slot] == none) continue;
      const bool looks_through = is_weight_slot(node.view, slot);
      const bool constant = graph.value(node.inputs[slot]).constant != none;
      Place place{id, slot, {}};
      if (looks_through || constant) place.source = sources.of(node.inputs[slot]);
      if (place.source.constant != none || (wants_weight(node.view, slot) && !constant))
        out.push_back(std::move(place));
    }
  }
  return out;
}

// A node whose every reader looks through it is no place itself.
void drop_passages(const Graph& graph, const Survey& survey, std::vector<Place>& places) {
  std::set<std::pair<NodeId, NodeId>> through;  // passage, reader
  for (const Place& place : places) {
    NodeId reader = place.node;
    for (const NodeId passage : survey.passages(place)) {
      if (!through.emplace(passage, reader).second) break;  // the rest of the way is known
      reader = passage;
    }
  }
  const auto only_hands_on = [&](const Place& place) {
    if (place.slot != 0 || graph.node(place.node).outputs.size() != 1) return false;
    const graph::ValueId output = graph.node(place.node).outputs[0];
    if (output == none || graph.value(output).uses.empty() || graph.value(output).is_scope_output)
      return false;
    const std::vector<graph::Use>& uses = graph.value(output).uses;
    return std::all_of(uses.begin(), uses.end(), [&](const graph::Use& use) {
      return through.contains({place.node, use.node});
    });
  };
  std::erase_if(places, only_hands_on);
}

// The inputs' shapes, with the sizes of dimensions that have a name.
std::unordered_map<graph::ValueId, graph::Shape> named_shapes(const Graph& graph,
                                                              const NamedDims& dims) {
  std::unordered_map<graph::ValueId, graph::Shape> out;
  const graph::Scope& main = graph.scope(0);
  for (const onnx::ValueView& input : main.inputs) {
    const auto value = main.names.find(input.name);
    if (value == main.names.end() || !input.has_shape) continue;
    graph::Shape shape = graph::declared_shape(input);
    for (std::size_t axis = 0; axis < shape.size(); ++axis) {
      graph::Dim& dim = shape[axis];
      if (dim.size) continue;
      if (const auto size = graph::size_of_symbol(dim.symbol, dims)) {
        dim = graph::sized(*size);
      } else if (const auto placed = dims.find(fmt::format("{}:{}", input.name, axis));
                 placed != dims.end()) {
        dim = graph::sized(placed->second);
      }
    }
    out.emplace(value->second, std::move(shape));
  }
  return out;
}

}  // namespace

Survey::Survey(const Graph& graph, const NamedDims& dims)
    : graph_(&graph), labels_(graph), sources_(graph), shapes_(graph) {
  if (!dims.empty()) likely_.emplace(graph, named_shapes(graph, dims));
  places_ = find_places(graph, sources_);
  drop_passages(graph, *this, places_);
  places_of_.resize(graph.nodes().size());
  for (std::uint32_t i = 0; i < places_.size(); ++i) {
    auto& [first, last] = places_of_[places_[i].node];
    if (last == 0) first = i;
    last = i + 1;
  }
}

std::span<const Place> Survey::places(NodeId node) const& {
  const auto [first, last] = places_of_[node];
  return std::span(places_).subspan(first, last - first);
}

const Place* Survey::place(NodeId node, std::uint32_t slot) const& {
  for (const Place& place : places(node)) {
    if (place.slot == slot) return &place;
  }
  return nullptr;
}

std::vector<NodeId> Survey::passages(const Place& place) const {
  if (place.source.constant == none) return {};
  return sources_.passages(graph_->node(place.node).inputs[place.slot]);
}

const graph::Shape* Survey::shape(graph::ValueId value) const {
  return shapes_.of(value);
}

const graph::Shape* Survey::likely_shape(graph::ValueId value) const {
  return likely_ ? likely_->of(value) : shapes_.of(value);
}

std::int64_t Survey::rows(graph::ValueId value) const {
  const graph::Shape* shape = likely_shape(value);
  if (shape == nullptr || shape->empty()) return 0;
  std::int64_t rows = 1;
  for (std::size_t a = 0; a + 1 < shape->size(); ++a) {
    const std::int64_t size = (*shape)[a].size.value_or(0);
    if (size <= 0 || rows > INT64_MAX / size) return 0;
    rows *= size;
  }
  return rows;
}

void Survey::measure(const std::vector<graph::ConstantId>& constants, unsigned threads,
                     const Checkpoint& checkpoint) const {
  std::vector<graph::ConstantId> todo;
  for (const graph::ConstantId id : constants) {
    if (facts_.contains(id)) continue;
    (void)graph_->elements(graph_->constant(id));  // opening data files is not for several threads
    todo.push_back(id);
  }
  std::vector<Facts> measured(todo.size());
  base::parallel_for(todo.size(), threads, [&](std::size_t i) {
    if (checkpoint) checkpoint();
    measured[i] = forms::measure(*graph_, graph_->constant(todo[i]));
  });
  for (std::size_t i = 0; i < todo.size(); ++i) facts_[todo[i]] = measured[i];
}

Facts Survey::facts(graph::ConstantId constant) const {
  measure({constant}, 1, {});
  return facts_.at(constant);
}

}  // namespace octet::forms
