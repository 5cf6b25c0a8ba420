// Subnormal weights of what stays float, written as zeros.
#pragma once

#include <cstdint>
#include <vector>

#include "graph/overlay.hpp"

namespace octet::plan {

struct SubnormalWeights {
  std::uint64_t count = 0;  // elements
  std::vector<graph::ConstantId> constants;
};

// In the float32 constants that the edited model still reads, those in functions apart. Reads each
// once.
[[nodiscard]] SubnormalWeights find_subnormals(const graph::Overlay& overlay);

// Replaces these constants by copies of the same name without subnormal numbers.
void flush(const SubnormalWeights& found, graph::Overlay& overlay);

}  // namespace octet::plan
