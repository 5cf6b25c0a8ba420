// A plan carried out in memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "forms/survey.hpp"
#include "octet/plan.hpp"

namespace octet::tuning {

// The bytes of the plan's model, with `flush` without subnormal weights. Throws
// Error{invalid_argument} when the plan does not fit.
[[nodiscard]] std::vector<std::byte> carried_out(const forms::Survey& survey,
                                                 const octet::Plan& plan, unsigned threads,
                                                 bool flush = false);

// How many subnormal weights the plan leaves float.
[[nodiscard]] std::uint64_t subnormals_of(const forms::Survey& survey, const octet::Plan& plan,
                                          unsigned threads);

// How many they would be, with data files.
[[nodiscard]] std::uint64_t bytes_of(const forms::Survey& survey, const octet::Plan& plan,
                                     unsigned threads);

}  // namespace octet::tuning
