// Every byte and every weight accounted for.
#pragma once

#include "graph/layout.hpp"
#include "octet/quantize.hpp"

namespace octet::api {

// Fills in sizes, `unchanged`, `detail` and the warnings that follow from model and plan.
void account(const graph::Graph& graph, const graph::Overlay& overlay, const graph::Layout& layout,
             octet::QuantizeReport& report);

// After the proof: a warning when the answers are far and there is a way to bring them closer.
void advise(octet::QuantizeReport& report);

}  // namespace octet::api
