// State that a model gives and takes again: outputs that feed inputs of the next call.
//
// An error that is small in one call may grow from call to call, or die out; only whole sequences
// show it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/port.hpp"
#include "runtime/session.hpp"
#include "trial/trial.hpp"

namespace octet::trial {

struct FedBack {
  std::string input;
  std::string output;
};

// By type, shape and name: "state" and "stateN", "h" and "h_out", "past.0.key" and
// "present.0.key". An output that suits several inputs feeds none.
[[nodiscard]] std::vector<FedBack> fed_back(const std::vector<base::Port>& inputs,
                                            const std::vector<base::Port>& outputs);

// The model's answers to so many calls, each with the state that its own last call gave; other
// inputs are those of the trial's feeds in turn. Ends where a state no longer has its input's
// shape.
[[nodiscard]] std::vector<Outputs> run_sequence(const Trial& trial, const runtime::Session& session,
                                                const std::vector<FedBack>& state,
                                                std::size_t steps);

}  // namespace octet::trial
