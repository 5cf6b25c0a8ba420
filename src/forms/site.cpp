#include "forms/site.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <unordered_map>
#include <utility>

namespace octet::forms {
namespace {

using graph::Graph;
using graph::none;

// The value behind Identity and two-axis Transpose nodes, when it is a constant.
Site look_through(const Graph& graph, Site site, graph::ValueId value) {
  while (value != none) {
    const graph::Value& v = graph.value(value);
    if (v.constant != none) {
      site.constant = v.constant;
      break;
    }
    if (v.producer == none) break;
    const graph::Node& producer = graph.node(v.producer);
    if (producer.inputs.empty() || producer.scope != graph.node(site.node).scope) break;
    if (producer.view.is("Transpose")) {
      const onnx::AttributeView* perm = producer.view.attribute("perm");
      const bool swaps = perm != nullptr && perm->ints == std::vector<std::int64_t>{1, 0};
      if (!swaps) break;
      site.transposed = !site.transposed;
    } else if (!producer.view.is("Identity")) {
      break;
    }
    site.via.push_back(v.producer);
    value = producer.inputs[0];
  }
  if (site.constant == none) {
    site.via.clear();
    site.transposed = false;
  }
  return site;
}

// Slots where a weight is expected: worth a decision even when it is not constant.
bool wants_weight(const onnx::NodeView& view, std::uint32_t slot) {
  return (view.is("MatMul") || view.is("Gemm") || view.is("Conv")) && slot == 1;
}

bool is_weight(const Graph& graph, graph::ConstantId constant) {
  if (constant == none) return false;
  const onnx::TensorView& tensor = graph.constant(constant).tensor;
  return tensor.is_float32() && tensor.elements > 0;
}

// A Transpose or Identity whose every reader is a site that looks through it is not a reader
// itself.
std::vector<Site> without_passages(const Graph& graph, std::vector<Site> sites) {
  std::set<std::pair<graph::NodeId, graph::NodeId>> through;  // passage, reader
  for (const Site& site : sites) {
    graph::NodeId reader = site.node;
    for (const graph::NodeId via : site.via) {
      through.emplace(via, reader);
      reader = via;
    }
  }
  const auto only_passage = [&](const Site& site) {
    if (site.slot != 0 || graph.node(site.node).outputs.size() != 1) return false;
    const graph::ValueId output = graph.node(site.node).outputs[0];
    if (output == none || graph.value(output).uses.empty() || graph.value(output).is_scope_output)
      return false;
    const std::vector<graph::Use>& uses = graph.value(output).uses;
    return std::all_of(uses.begin(), uses.end(), [&](const graph::Use& use) {
      return through.contains({site.node, use.node});
    });
  };
  std::erase_if(sites, only_passage);
  return sites;
}

}  // namespace

std::vector<Site> find_sites(const Graph& graph) {
  std::vector<Site> sites;
  for (graph::NodeId id = 0; id < graph.nodes().size(); ++id) {
    const graph::Node& node = graph.node(id);
    for (std::uint32_t slot = 0; slot < node.inputs.size(); ++slot) {
      if (node.inputs[slot] == none) continue;
      Site site;
      site.node = id;
      site.slot = slot;
      const bool weight_slot = wants_weight(node.view, slot);
      if (weight_slot) {
        site = look_through(graph, site, node.inputs[slot]);
      } else {
        site.constant = graph.value(node.inputs[slot]).constant;
      }
      const bool computed_weight = weight_slot && site.constant == none;
      if (computed_weight || is_weight(graph, site.constant)) sites.push_back(std::move(site));
    }
  }
  return without_passages(graph, std::move(sites));
}

NodeLabels::NodeLabels(const Graph& graph) {
  std::unordered_map<std::string_view, int> count;
  for (const graph::Node& node : graph.nodes()) ++count[node.view.name];
  for (const graph::Node& node : graph.nodes()) {
    const std::string& path = graph.scope(node.scope).path;
    if (!node.view.name.empty() && count[node.view.name] == 1) {
      labels_.push_back(path + std::string(node.view.name));
    } else {
      labels_.push_back(fmt::format("{}{}#{}", path, node.view.op_type, node.position));
    }
  }
}

std::string op_name(const onnx::NodeView& view) {
  return view.domain.empty() ? std::string(view.op_type)
                             : fmt::format("{}.{}", view.domain, view.op_type);
}

}  // namespace octet::forms
