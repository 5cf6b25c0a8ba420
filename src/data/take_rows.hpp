// Inputs of a wanted batch size.
#pragma once

#include <cstdint>
#include <vector>

#include "data/inputs.hpp"

namespace octet::data {

// Some input has a dynamic first dimension: that is the batch.
[[nodiscard]] bool has_dynamic_batch(const std::vector<base::Port>& specs);

// `batch` rows of every input with a dynamic first dimension, from the top and again from the top
// when they run out; other inputs as they are. Throws Error{invalid_data} when there are no rows.
[[nodiscard]] Feed take_rows(const Feed& feed, const std::vector<base::Port>& specs,
                             std::int64_t batch);

}  // namespace octet::data
