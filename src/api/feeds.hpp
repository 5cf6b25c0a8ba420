// What is fed to a model: the user's files, or enough seeded batches to judge by.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "data/inputs.hpp"
#include "runtime/session.hpp"

namespace octet::api {

// `options` with sizes for the dynamic dimensions that nobody gave, chosen so that the model runs
// on seeded inputs of them: the usual guess when that runs, else the first of some common sizes
// that does (a spectrogram wants a whole window, an image a whole pyramid). `options` itself when
// there are files; nullopt when none runs.
[[nodiscard]] std::optional<octet::DataOptions> runnable_dims(
    const runtime::Session& session, const std::vector<data::InputSpec>& specs,
    const octet::DataOptions& options);

// "seeded inputs (seed 0, audio:1 = 512)"
[[nodiscard]] std::string seeded_text(const octet::DataOptions& options);

// With files: all of them. Without: seeded batches until there are 32 rows or 20 batches, of eight
// rows each when the first dimension is dynamic, nothing is said about dimensions in options.dims,
// and the model does run on eight rows; each batch has a seed of its own, counted up from
// options.seed. The same call gives the same feeds.
[[nodiscard]] data::Feeds judging_feeds(const runtime::Session& session,
                                        const std::vector<data::InputSpec>& specs,
                                        const octet::DataOptions& options);

}  // namespace octet::api
