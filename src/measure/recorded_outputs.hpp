// Which recorded array is the truth for which output of a model.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/tensor.hpp"

namespace octet::measure {

struct RecordedMatch {
  std::size_t recorded = 0;  // index into the arrays
  std::size_t output = 0;    // index into the outputs
};

struct RecordedMatches {
  std::vector<RecordedMatch> matches;
  std::vector<std::string>
      ignored;  // names of arrays that belong to no output (inputs, for instance)
};

// By name when any array has the name of an output; else each array in turn goes to the first free
// output it fits: same shape (axes of size 1 do not count) and same kind (float or label), then the
// same shape, then the same number of elements in every row. Throws Error{invalid_data} naming
// `label` when nothing matches, or when a matched array does not fit.
[[nodiscard]] RecordedMatches match_recorded(const std::vector<base::NamedTensor>& recorded,
                                             const std::vector<base::NamedTensor>& outputs,
                                             std::string_view label);

}  // namespace octet::measure
