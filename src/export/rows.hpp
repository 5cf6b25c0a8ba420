// Rows of data as the tensors an exported model is fed with.
#pragma once

#include <vector>

#include "base/tensor.hpp"
#include "steps/predictor.hpp"

namespace octet::exporting {

// One matrix X, or a tensor for each column that is read, named as emit() names them.
[[nodiscard]] std::vector<base::NamedTensor> feeds_of(const steps::Program& program,
                                                      const steps::Rows& rows, bool all_double);

}  // namespace octet::exporting
