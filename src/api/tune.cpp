#include "octet/tune.hpp"

#include <fmt/format.h>

#include "base/content_hash.hpp"
#include "base/cpu.hpp"
#include "base/json_writer.hpp"
#include "measure/parity_judgement.hpp"
#include "octet/error.hpp"
#include "octet/fields/options.hpp"
#include "octet/version.hpp"
#include "report/file_records.hpp"
#include "tune/tuning.hpp"

namespace octet {
namespace {

void check_options(const TuneOptions& options) {
  measure::check_tolerances(options.tolerances);
  constexpr double most = 1e7;
  const auto check = [](const char* name, double seconds) {
    if (seconds >= 0 && seconds <= most) return;
    throw Error(ErrorCode::invalid_argument,
                fmt::format("{} is {}; give seconds from 0 to ten million", name, seconds));
  };
  check("--time-budget", options.time_budget);
  check("--speed-seconds", options.speed_seconds);
  if (options.resume && options.journal.empty())
    throw Error(ErrorCode::invalid_argument, "--resume needs a journal to go on with");
  if (options.objective == "error" && options.max_size == 0) {
    throw Error(ErrorCode::invalid_argument,
                "--objective error needs --max-size: the float model itself has no error");
  }
}

// Everything that the answers and times of a plan depend on.
std::string fingerprint(const ModelSource& model, const TuneOptions& options,
                        const std::string& runtime_version) {
  base::Json all = {{"runtime", runtime_version},
                    {"cpu", base::cpu_info().model},
                    {"threads", options.runtime.threads},
                    {"octet", version().version},
                    {"speed_seconds", options.speed_seconds},
                    {"planning", base::json_of(options.planning)},
                    {"tolerances", base::json_of(options.tolerances)},
                    {"dims", base::json_of(options.data.dims)},
                    {"seed", options.data.seed}};
  for (const FileRecord& file : report::records_of(model, "model"))
    all["files"].push_back(file.sha256);
  for (const auto& path : options.data.files) {
    for (const FileRecord& file : report::records_of(path, "data"))
      all["files"].push_back(file.sha256);
  }
  const std::string text = all.dump(-1, ' ', false, base::Json::error_handler_t::replace);
  return fmt::format("{:016x}", base::content_hash(std::as_bytes(std::span(text))));
}

}  // namespace

TuneReport tune(const ModelSource& model, const std::filesystem::path& output,
                const TuneOptions& options) {
  check_options(options);
  QuantizeOptions how = tuning::how_of(options);
  tuning::TuningCalls calls;
  calls.fingerprint = [&](const std::string& runtime_version) {
    return fingerprint(model, options, runtime_version);
  };
  calls.deliver = [&](const Plan& plan) {
    how.plan = plan;
    return quantize(model, output, how);
  };
  return tuning::tuned(model, output, options, calls);
}

}  // namespace octet
