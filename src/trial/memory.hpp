// What a model takes to load and to run once.
#pragma once

#include <cstdint>

#include "data/inputs.hpp"
#include "octet/bench.hpp"

namespace octet::trial {

// The work of octet::peak_memory. Data that is large counts with what it takes to read it: give one
// feed (one_feed).
[[nodiscard]] std::uint64_t peak_memory(const octet::ModelSource& model,
                                        const octet::DataOptions& data,
                                        const octet::RuntimeOptions& runtime);

// This feed and nothing else, in the order of the model's inputs.
[[nodiscard]] octet::DataOptions one_feed(data::Feed feed);

}  // namespace octet::trial
