#include "forms/labels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

namespace octet::forms {
namespace {

using graph::Graph;
using graph::NodeId;
using graph::none;
using graph::Scope;

// Length of the UTF-8 sequence at the front of `text`; 0 when it is none.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0U) != 0x80U) return 0;
  }
  // Longer than needed, a surrogate, or beyond the last code point.
  if (lead == 0xe0 && byte(1) < 0xa0) return 0;
  if (lead == 0xed && byte(1) > 0x9f) return 0;
  if (lead == 0xf0 && byte(1) < 0x90) return 0;
  if (lead == 0xf4 && byte(1) > 0x8f) return 0;
  return length;
}

// Makes the labels scope by scope; a scope comes after the node it is a body of.
class Maker {
 public:
  Maker(const Graph& graph, std::vector<std::string>& labels) : graph_(graph), labels_(labels) {
    labels_.resize(graph.nodes().size());
  }

  void run() {
    for (const graph::Node& node : graph_.nodes()) ++count_[node.view.name];
    for (graph::ScopeId id = 0; id < graph_.scopes().size(); ++id) label_scope(id);
  }

 private:
  void label_scope(graph::ScopeId id) {
    const Scope& scope = graph_.scope(id);
    const std::string path = path_of(id);
    // Names first: a name of the file's own is not changed for a label made up here.
    for (const bool named : {true, false}) {
      for (const NodeId node : scope.nodes) {
        const onnx::NodeView& view = graph_.node(node).view;
        if (named != (!view.name.empty() && count_[view.name] == 1)) continue;
        labels_[node] = unique(path + (named ? readable(view.name)
                                             : fmt::format("{}#{}", readable(view.op_type),
                                                           graph_.node(node).position)));
      }
    }
  }

  std::string path_of(graph::ScopeId id) {
    const Scope& scope = graph_.scope(id);
    if (scope.kind == Scope::Kind::main) return "";
    if (scope.kind == Scope::Kind::function) return readable(scope.path);
    const graph::Node& owner = graph_.node(scope.owner);
    std::size_t index = 0;
    while (index < owner.bodies.size() && owner.bodies[index] != id) ++index;
    return fmt::format("{}/{}/", labels_[scope.owner], readable(body_name(owner, index)));
  }

  // The attribute that holds the body; "branches#1" where one attribute holds several.
  static std::string body_name(const graph::Node& owner, std::size_t index) {
    std::size_t at = 0;
    for (const onnx::AttributeView& attribute : owner.view.attributes) {
      if (index < at + attribute.graphs.size()) {
        return attribute.graphs.size() == 1 ? std::string(attribute.name)
                                            : fmt::format("{}#{}", attribute.name, index - at);
      }
      at += attribute.graphs.size();
    }
    return "body";
  }

  std::string unique(const std::string& label) {
    std::string out = label;
    for (std::size_t n = 2; !taken_.insert(out).second; ++n) {
      std::size_t& next = next_[label];
      next = std::max(next, n);
      out = fmt::format("{}~{}", label, next++);
    }
    return out;
  }

  const Graph& graph_;
  std::vector<std::string>& labels_;
  std::unordered_map<std::string_view, int> count_;  // nodes of the whole model with this name
  std::unordered_set<std::string> taken_;
  std::unordered_map<std::string, std::size_t> next_;  // the number to try behind a label
};

}  // namespace

NodeLabels::NodeLabels(const Graph& graph) {
  Maker(graph, labels_).run();
  for (NodeId node = 0; node < labels_.size(); ++node) nodes_.emplace(labels_[node], node);
}

std::optional<NodeId> NodeLabels::find(std::string_view label) const {
  const auto found = nodes_.find(label);
  if (found == nodes_.end()) return std::nullopt;
  return found->second;
}

std::string readable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    if (length == 0) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[0]));
      text.remove_prefix(1);
    } else {
      out += text.substr(0, length);
      text.remove_prefix(length);
    }
  }
  return out;
}

std::string op_name(const onnx::NodeView& view) {
  return view.domain.empty() ? std::string(view.op_type)
                             : fmt::format("{}.{}", view.domain, view.op_type);
}

}  // namespace octet::forms
