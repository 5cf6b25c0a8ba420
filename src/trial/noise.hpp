// Models that draw random numbers answer the same feed in another way each time. Who compares them
// must know.
#pragma once

#include <string>
#include <vector>

#include "octet/model_source.hpp"
#include "octet/parity.hpp"
#include "runtime/session.hpp"
#include "trial/trial.hpp"

namespace octet::trial {

// How far two sessions of one model are from each other, on the first feeds of the trial; the same
// session twice is run twice. In the order of its outputs.
[[nodiscard]] std::vector<octet::OutputParity> own_difference(const Trial& trial,
                                                              const runtime::Session& first,
                                                              const runtime::Session& second);

// Every operator of the model that draws random numbers has a seed of its own. Throws
// Error{invalid_model}.
[[nodiscard]] bool has_seeds(const octet::ModelSource& model);

[[nodiscard]] bool is_noisy(const octet::OutputParity& own_difference);
[[nodiscard]] bool any_noisy(const std::vector<octet::OutputParity>& own_difference);

}  // namespace octet::trial
