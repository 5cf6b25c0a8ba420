// Sizes for the dynamic dimensions that nobody gave.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/port.hpp"
#include "octet/data.hpp"
#include "runtime/session.hpp"

namespace octet::trial {

// `options` with a size for every dynamic dimension but the batch, on which the model runs: sizes
// that mean something for what the input seems to be (an image in hundreds of pixels, tens of
// tokens) when it runs on them, else the first of some common ones that it runs on (a spectrogram
// wants a whole window). The search is bounded in tries, in time, and in bytes: nothing above 256
// MiB of input is tried. nullopt when none of them runs.
[[nodiscard]] std::optional<octet::DataOptions> runnable_sizes(
    const runtime::Session& session, const std::vector<base::Port>& inputs,
    const octet::DataOptions& options);

// "seeded inputs (seed 0, audio:1 = 512)"
[[nodiscard]] std::string seeded_text(const octet::DataOptions& options);

}  // namespace octet::trial
