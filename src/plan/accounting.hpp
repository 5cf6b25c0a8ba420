// Every byte and every weight accounted for.
#pragma once

#include <string>

#include "graph/layout.hpp"
#include "octet/quantize.hpp"

namespace octet::plan {

// Fills in the sizes of the files, `unchanged`, `detail` and the warnings that follow from model
// and plan.
void account(const graph::Graph& graph, const graph::Overlay& overlay, const graph::Layout& layout,
             octet::QuantizeReport& report);

// Why a result whose gate failed is not written, and what to do. `plan_file`: where the plan that
// came nearest is; may be empty.
[[nodiscard]] std::string gate_refusal(const octet::QuantizeReport& report,
                                       const std::string& plan_file);

}  // namespace octet::plan
