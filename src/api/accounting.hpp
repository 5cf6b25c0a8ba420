// Every byte and every weight accounted for.
#pragma once

#include "graph/layout.hpp"
#include "octet/quantize.hpp"

namespace octet::api {

// Fills in sizes, `unchanged`, `detail` and the warnings that follow from model and plan.
void account(const graph::Graph& graph, const graph::Overlay& overlay, const graph::Layout& layout,
             octet::QuantizeReport& report);

}  // namespace octet::api
