// An array from a file in the shape of a model input.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/tensor.hpp"
#include "data/inputs.hpp"

namespace octet::data {

// The array converted to the input's type and, when its meaning is beyond doubt, reshaped: a
// missing batch axis is added to one row, flat rows [N, a·b·c] become [N, a, b, c] and the other
// way round, [N] becomes [N, 1]. The first dimension may be any number of rows. Axes are never
// reordered. Inputs without dims (scalars, unknown ranks) take the array as it is. Throws
// Error{invalid_data}: `place`, what was expected and what was found.
[[nodiscard]] base::Tensor fit(base::Tensor array, const InputSpec& spec, const std::string& place);

// Cuts tensors that fit `specs` into feeds by their first dimension. When the model fixes it, every
// feed has exactly that many rows, and inputs that have one batch only are repeated; else feeds
// have at most `max_rows` rows (0: no limit). Adds to `rows`. Throws Error{invalid_data} when rows
// are left over or inputs disagree. `label` opens messages.
[[nodiscard]] std::vector<Feed> cut(const std::vector<InputSpec>& specs, Feed whole,
                                    std::int64_t max_rows, const std::string& label,
                                    std::uint64_t& rows);

}  // namespace octet::data
