// Two sessions, or a session and recorded outputs, compared output by output on the same feeds.
#pragma once

#include <string_view>
#include <vector>

#include "data/inputs.hpp"
#include "octet/parity.hpp"
#include "runtime/session.hpp"

namespace octet::measure {

// Fill in outputs and warnings of `report`. Outputs are matched by name. Throw Error{invalid_data}
// when the candidate lacks an output of the reference.
void compare_models(const runtime::Session& reference, const runtime::Session& candidate,
                    const std::vector<data::Feed>& feeds, const octet::ProgressCallback& progress,
                    octet::ParityReport& report);
void compare_recorded(std::vector<base::NamedTensor> recorded, const runtime::Session& candidate,
                      const std::vector<data::Feed>& feeds, const octet::ProgressCallback& progress,
                      octet::ParityReport& report);

// The tensors of `feed` that the session asks for; the others are dropped (a constant input may
// have been folded away). What is missing is left for run() to name.
[[nodiscard]] data::Feed suited_to(const runtime::Session& session, const data::Feed& feed);

// The tensor of this name. Throws Error{invalid_data} that begins with `label`.
[[nodiscard]] const base::Tensor& find_output(const std::vector<base::NamedTensor>& outputs,
                                              std::string_view name, std::string_view label);

}  // namespace octet::measure
