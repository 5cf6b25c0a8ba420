// Measures a model's memory in a process of its own: this program, run again.
#pragma once

#include <cstdint>

#include "environment.hpp"
#include "octet/model_source.hpp"
#include "octet/runtime.hpp"
#include "options.hpp"

namespace octet::cli {

// Throws Error{runtime_failed} with the child's own words when it fails.
[[nodiscard]] std::uint64_t peak_memory_of(const octet::ModelSource& model,
                                           const DataArguments& data,
                                           const octet::RuntimeOptions& runtime,
                                           const Environment& environment);

}  // namespace octet::cli
