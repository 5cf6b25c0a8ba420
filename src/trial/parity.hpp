// Does the candidate give the reference's answers, on all feeds of a trial?
#pragma once

#include "octet/parity.hpp"

namespace octet::trial {

// The work of octet::parity.
[[nodiscard]] octet::ParityReport parity(const octet::ModelSource& reference,
                                         const octet::ModelSource& candidate,
                                         const octet::ParityOptions& options);

}  // namespace octet::trial
