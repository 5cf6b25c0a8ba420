// What values inside a model look like while it runs: shapes and ranges, as plain data.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/element_type.hpp"
#include "octet/model_source.hpp"
#include "octet/progress.hpp"
#include "octet/runtime.hpp"
#include "trial/trial.hpp"

namespace octet::trial {

struct Observation {
  std::string value;
  base::ElementType type = base::ElementType::undefined;
  std::vector<std::int64_t> dims;  // of the first feed; -1 where another feed had another size
  double low = 0, high = 0;        // of the finite elements over all feeds; 0 when there are none
  std::uint64_t elements = 0;      // over all feeds
  std::uint64_t not_finite = 0;    // NaN and infinities among them
  // For each index of the last axis, where asked for and while its size stays the same.
  std::vector<double> column_low, column_high;
};

struct ObserveOptions {
  bool columns = false;
  std::size_t most_feeds = 0;  // 0: all
  octet::RuntimeOptions runtime;
  octet::ProgressCallback progress;  // ends a run that goes on
};

// Runs `model`, with these values of its main graph made outputs, on the feeds of `trial`, one
// session, unoptimised, so that every value exists as it is written. In the order of `values`;
// those that are no tensors are left out. Throws Error{invalid_argument} for a name that no node of
// the main graph gives, Error{unsupported} for a model with external data.
[[nodiscard]] std::vector<Observation> observe(
    const Trial& trial, const std::shared_ptr<const runtime::Library>& library,
    const octet::ModelSource& model, const std::vector<std::string>& values,
    const ObserveOptions& options = {});

}  // namespace octet::trial
