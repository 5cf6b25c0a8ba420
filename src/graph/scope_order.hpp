// In which order the nodes of an edited scope are written.
#pragma once

#include <cstdint>
#include <unordered_set>
#include <vector>

#include "graph/overlay.hpp"

namespace octet::graph {

// One node of an edited scope: an old one that stays, or a new one.
struct ScopeItem {
  NodeId old = none;
  const NewNode* fresh = nullptr;
  std::int64_t position = -1;  // where it stands, or what it replaces stood; -1: the head
};

// By scope; empty for those that are not in `touched`. Every node stands behind what it reads (what
// a body reads is read by its owner); otherwise old nodes keep their order, new ones stand where
// their patch removed, and of several at one place the first name comes first: the order of patches
// makes no difference. Items point into the overlay. Throws Error{invalid_argument} when the edits
// define a name twice or make a circle.
[[nodiscard]] std::vector<std::vector<ScopeItem>> written_order(
    const Overlay& overlay, const std::unordered_set<ScopeId>& touched);

}  // namespace octet::graph
