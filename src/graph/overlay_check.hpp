// Whether what takes a value's place is what it was.
#pragma once

#include <vector>

#include "graph/scope_order.hpp"

namespace octet::graph {

// Looks at every old value that an edit produces anew (items as written_order gives them). Throws
// Error{invalid_argument} naming it when the new node gives another element type, rank or size, as
// far as rules tell. What no rule knows passes: the proof runs it.
void check_replacements(const Overlay& overlay, const std::vector<std::vector<ScopeItem>>& items);

}  // namespace octet::graph
