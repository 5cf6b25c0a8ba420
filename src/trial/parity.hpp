// Does the candidate give the reference's answers, on all feeds of a trial?
#pragma once

#include <vector>

#include "base/tensor.hpp"
#include "measure/comparison_part.hpp"
#include "octet/parity.hpp"
#include "octet/parity_shards.hpp"

namespace octet::trial {

// The work of octet::parity.
[[nodiscard]] octet::ParityReport parity(const octet::ModelSource& reference,
                                         const octet::ModelSource& candidate,
                                         const octet::ParityOptions& options);

// The same against answers at hand, which are called `reference` in the report; options.data are
// the rows that they are for.
[[nodiscard]] octet::ParityReport parity(std::vector<base::NamedTensor> answers,
                                         const octet::ModelSource& reference,
                                         const octet::ModelSource& candidate,
                                         const octet::ParityOptions& options);

// The calls of one share. Throws Error{unsupported} when the reference draws random numbers.
[[nodiscard]] measure::ComparisonPart parity_part(const octet::ModelSource& reference,
                                                  const octet::ModelSource& candidate,
                                                  const octet::ParityOptions& options,
                                                  const octet::ParityShard& shard);

}  // namespace octet::trial
