// Which steps are computed in double precision, whatever the inputs are.
//
// A comparison decides: a tree above a scaler sends a row elsewhere when a float32 is off by one
// bit. So what is computed on the way to a comparison (trees, thresholds, nearest neighbours) is
// computed in double; rows then reach the comparison as scikit-learn has them.
#pragma once

#include <vector>

#include "steps/program.hpp"

namespace octet::steps {

struct Precisions {
  std::vector<bool> exact;  // whole numbers, the data themselves: float32 holds them
  std::vector<bool> wide;   // computed in double
};

[[nodiscard]] Precisions precisions_of(const Program& program, bool all_double);

}  // namespace octet::steps
