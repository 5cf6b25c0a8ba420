#include "graph/scope_order.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "graph/node_order.hpp"
#include "octet/error.hpp"

namespace octet::graph {
namespace {

using Pair = std::pair<std::uint32_t, std::uint32_t>;

// The name by which additions at one place are put in order.
std::string_view first_name(const Addition& addition) {
  for (const NewNode& node : addition.nodes) {
    for (const std::string& output : node.outputs) {
      if (!output.empty()) return output;
    }
  }
  return "";
}

class Orderer {
 public:
  Orderer(const Overlay& overlay, const std::unordered_set<ScopeId>& touched)
      : overlay_(overlay),
        graph_(overlay.graph()),
        touched_(touched),
        items_(graph_.scopes().size()),
        pairs_(graph_.scopes().size()),
        fresh_(graph_.scopes().size()),
        item_of_node_(graph_.nodes().size(), none),
        item_of_value_(graph_.values().size(), none) {}

  std::vector<std::vector<ScopeItem>> run() {
    for (const NewTensor& tensor : overlay_.tensors()) {
      if (!fresh_[tensor.scope].emplace(tensor.name, none).second)
        refuse(tensor.name, "is defined twice by the edits");
    }
    for (const ScopeId scope : touched_) {
      collect(scope);
      for (std::uint32_t i = 0; i < items_[scope].size(); ++i) define(scope, i);
    }
    for (NodeId id = 0; id < graph_.nodes().size(); ++id) {
      if (overlay_.is_removed(id)) continue;
      for (const ValueId input : graph_.node(id).inputs) read(input, id);
    }
    for (const Scope& scope : graph_.scopes()) {
      for (const ValueId result : scope.results) read(result, scope.owner);
    }
    for (const ScopeId scope : touched_) {
      for (std::uint32_t i = 0; i < items_[scope].size(); ++i) {
        const NewNode* fresh = items_[scope][i].fresh;
        if (fresh == nullptr) continue;
        for (const std::string& input : fresh->inputs) read_by_name(input, scope, i);
      }
    }
    for (const ScopeId scope : touched_) sort(scope);
    return std::move(items_);
  }

 private:
  // In the order of their places.
  void collect(ScopeId scope) {
    std::vector<ScopeItem>& items = items_[scope];
    for (const NodeId id : graph_.scope(scope).nodes) {
      if (!overlay_.is_removed(id)) items.push_back({id, nullptr, graph_.node(id).position});
    }
    const std::size_t old = items.size();
    for (const Addition* addition : additions(scope)) {
      for (const NewNode& node : addition->nodes)
        items.push_back({none, &node, addition->position});
    }
    std::inplace_merge(
        items.begin(), items.begin() + static_cast<std::ptrdiff_t>(old), items.end(),
        [](const ScopeItem& a, const ScopeItem& b) { return a.position < b.position; });
  }

  const std::vector<const Addition*>& additions(ScopeId scope) {
    if (by_scope_.empty()) {
      by_scope_.resize(graph_.scopes().size());
      for (const Addition& addition : overlay_.additions())
        by_scope_[addition.scope].push_back(&addition);
      for (auto& list : by_scope_) {
        std::stable_sort(list.begin(), list.end(), [](const Addition* a, const Addition* b) {
          return std::tuple(a->position, first_name(*a)) < std::tuple(b->position, first_name(*b));
        });
      }
    }
    return by_scope_[scope];
  }

  void define(ScopeId scope, std::uint32_t item) {
    const ScopeItem& entry = items_[scope][item];
    if (entry.old != none) {
      item_of_node_[entry.old] = item;
      for (const ValueId output : graph_.node(entry.old).outputs) {
        if (output != none) define_value(output, item);
      }
      return;
    }
    for (const std::string& output : entry.fresh->outputs) {
      if (output.empty()) continue;
      const auto known = graph_.scope(scope).names.find(output);
      if (known != graph_.scope(scope).names.end()) {
        define_value(known->second, item);
      } else if (!fresh_[scope].emplace(output, item).second) {
        refuse(output, "is defined twice by the edits");
      }
    }
  }

  void define_value(ValueId id, std::uint32_t item) {
    const Value& value = graph_.value(id);
    const bool is_constant = value.constant != none && graph_.constant(value.constant).node == none;
    const bool is_held = is_constant ? !overlay_.is_dropped(value.constant) : value.is_graph_input;
    if (is_held || item_of_value_[id] != none) refuse(value.name, "is defined twice by the edits");
    item_of_value_[id] = item;
  }

  [[noreturn]] void refuse(std::string_view name, std::string_view fact) const {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("{}: \"{}\" {}", graph_.label(), name, fact));
  }

  // The item of `scope` that old node `id` is, or is inside of; none when it is elsewhere.
  [[nodiscard]] std::uint32_t item_around(NodeId id, ScopeId scope) const {
    while (id != none && graph_.node(id).scope != scope)
      id = graph_.scope(graph_.node(id).scope).owner;
    return id == none ? none : item_of_node_[id];
  }

  void wait(ScopeId scope, std::uint32_t producer, std::uint32_t reader) {
    if (producer != none && reader != none) pairs_[scope].emplace_back(producer, reader);
  }

  void read(ValueId id, NodeId reader) {
    if (id == none || reader == none) return;
    const ScopeId scope = graph_.value(id).scope;
    if (item_of_value_[id] != none) wait(scope, item_of_value_[id], item_around(reader, scope));
  }

  // A new node reads a name: the nearest definition outwards.
  void read_by_name(const std::string& name, ScopeId home, std::uint32_t reader) {
    if (name.empty()) return;
    for (ScopeId scope = home; scope != none; scope = graph_.scope(scope).parent) {
      std::uint32_t producer = none;
      const auto known = graph_.scope(scope).names.find(name);
      const auto added = fresh_[scope].find(name);
      if (known != graph_.scope(scope).names.end()) {
        producer = item_of_value_[known->second];
      } else if (added != fresh_[scope].end()) {
        producer = added->second;
      } else {
        continue;
      }
      const std::uint32_t waiting =
          scope == home ? reader : item_around(graph_.scope(home).owner, scope);
      return wait(scope, producer, waiting);
    }
  }

  void sort(ScopeId scope) {
    std::vector<ScopeItem>& items = items_[scope];
    const auto count = static_cast<std::uint32_t>(items.size());
    std::vector<ScopeItem> sorted;
    sorted.reserve(items.size());
    for (const std::uint32_t i : stable_order(count, std::move(pairs_[scope])))
      sorted.push_back(items[i]);
    if (sorted.size() != items.size()) {
      const std::string& path = graph_.scope(scope).path;
      refuse(path.empty() ? "the main graph" : path, "would have a circle after the edits");
    }
    items = std::move(sorted);
  }

  const Overlay& overlay_;
  const Graph& graph_;
  const std::unordered_set<ScopeId>& touched_;
  std::vector<std::vector<ScopeItem>> items_;  // by scope, as the following
  std::vector<std::vector<Pair>> pairs_;
  std::vector<std::unordered_map<std::string_view, std::uint32_t>> fresh_;  // names edits brought
  std::vector<std::vector<const Addition*>> by_scope_;
  std::vector<std::uint32_t> item_of_node_;
  std::vector<std::uint32_t> item_of_value_;
};

}  // namespace

std::vector<std::vector<ScopeItem>> written_order(const Overlay& overlay,
                                                  const std::unordered_set<ScopeId>& touched) {
  return Orderer(overlay, touched).run();
}

}  // namespace octet::graph
