// Inputs of a wanted batch size.
#pragma once

#include <cstdint>
#include <vector>

#include "data/inputs.hpp"

namespace octet::measure {

// Some input has a dynamic first dimension: that is the batch.
[[nodiscard]] bool has_dynamic_batch(const std::vector<data::InputSpec>& specs);
// The first dimension of the first input that has one, else 1.
[[nodiscard]] std::int64_t fixed_batch(const std::vector<data::InputSpec>& specs);

// `batch` rows of every input with a dynamic first dimension, from the top and again from the top
// when they run out; other inputs as they are. Throws Error{invalid_data} when there are no rows.
[[nodiscard]] data::Feed take_rows(const data::Feed& feed,
                                   const std::vector<data::InputSpec>& specs, std::int64_t batch);

}  // namespace octet::measure
