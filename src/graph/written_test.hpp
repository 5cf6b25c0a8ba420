// An overlay carried out in memory.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "graph/fill.hpp"
#include "graph/layout.hpp"
#include "support/sample_models.hpp"

namespace octet::graph {

struct Written {
  test::ModelBytes model;
  test::ModelBytes data;
};

inline Written written(const Overlay& overlay, const LayoutOptions& options = {},
                       unsigned threads = 1) {
  const Layout layout = lay_out(overlay, options);
  Written out{test::ModelBytes(layout.model_bytes), test::ModelBytes(layout.data_bytes)};
  fill(overlay, layout, out.model, out.data, {.threads = threads, .progress = {}, .release = {}});
  return out;
}

inline NodeId find_node(const Graph& graph, std::string_view name) {
  for (NodeId id = 0; id < graph.nodes().size(); ++id) {
    if (graph.node(id).view.name == name) return id;
  }
  return none;
}

inline ConstantId find_constant(const Graph& graph, std::string_view name) {
  for (ConstantId id = 0; id < graph.constants().size(); ++id) {
    if (graph.constant(id).tensor.name == name) return id;
  }
  return none;
}

// The constants of the main graph by name, as text.
inline std::string elements_of(const Graph& graph, std::string_view name) {
  const auto elements = graph.elements(graph.constant(find_constant(graph, name)));
  return {reinterpret_cast<const char*>(elements.data()), elements.size()};
}

}  // namespace octet::graph
