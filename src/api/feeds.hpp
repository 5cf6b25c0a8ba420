// What is fed to a model: the user's files, or enough seeded batches to judge by.
#pragma once

#include <cstdint>
#include <vector>

#include "data/inputs.hpp"
#include "runtime/session.hpp"

namespace octet::api {

// With files: all of them. Without: seeded batches until there are 32 rows or 20 batches, of eight
// rows each when the first dimension is dynamic, nothing is said about dimensions in options.dims,
// and the model does run on eight rows; each batch has a seed of its own, counted up from
// options.seed. The same call gives the same feeds.
[[nodiscard]] data::Feeds judging_feeds(const runtime::Session& session,
                                        const std::vector<data::InputSpec>& specs,
                                        const octet::DataOptions& options);

}  // namespace octet::api
