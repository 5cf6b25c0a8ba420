// The search over plans: parts, times, errors, search; each better plan delivered at once.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "octet/model_source.hpp"
#include "octet/quantize.hpp"
#include "octet/tune.hpp"

namespace octet::tuning {

// What the search does not do by itself.
struct TuningCalls {
  // Of everything that answers and times depend on: a journal of another one is begun anew.
  std::function<std::string(const std::string& runtime_version)> fingerprint;
  // Makes the model of the plan appear.
  std::function<QuantizeReport(const Plan& plan)> deliver;
};

// How every plan is judged and carried out: no gate, since each one that is delivered was judged.
[[nodiscard]] QuantizeOptions how_of(const TuneOptions& options);

// `options` were checked. Throws what the stages throw.
[[nodiscard]] TuneReport tuned(const ModelSource& model, const std::filesystem::path& output,
                               const TuneOptions& options, const TuningCalls& calls);

}  // namespace octet::tuning
