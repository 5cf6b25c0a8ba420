#include "octet/bench.hpp"

#include <fmt/format.h>

#include <cmath>
#include <optional>
#include <utility>

#include "api/feeds.hpp"
#include "api/model_files.hpp"
#include "api/model_inputs.hpp"
#include "api/open_session.hpp"
#include "base/cpu.hpp"
#include "measure/batches.hpp"
#include "measure/bench_sessions.hpp"
#include "measure/latency.hpp"
#include "measure/machine.hpp"
#include "measure/progress.hpp"
#include "measure/statistics.hpp"
#include "octet/error.hpp"
#include "octet/parity.hpp"

namespace octet {
namespace {

using runtime::Session;
using LibraryPtr = std::shared_ptr<const runtime::Library>;

void check(const BenchOptions& options) {
  const auto refuse = [](const char* fact) { throw Error(ErrorCode::invalid_argument, fact); };
  if (options.batches.empty()) refuse("no batch size is given; give one with --batch");
  for (const std::int64_t batch : options.batches) {
    if (batch < 1) refuse("a batch size is below 1; give positive ones with --batch");
  }
  if (!(options.seconds >= 0) || !std::isfinite(options.seconds) ||
      !(options.warmup_seconds >= 0) || !std::isfinite(options.warmup_seconds)) {
    refuse("the measuring time is not a number of seconds; give --seconds and --warmup");
  }
}

Session open(const LibraryPtr& library, const ModelSource& model, const RuntimeOptions& runtime,
             const runtime::RunControl& control) {
  runtime::SessionOptions how;
  how.threads = runtime.threads;
  how.control = control;
  return api::open_session(library, model, how);
}

// The inputs for one batch size out of what options.data says.
data::Feed feed_for(const std::vector<data::InputSpec>& specs, const data::Feeds* files,
                    std::int64_t batch, const DataOptions& data) {
  if (files == nullptr) return data::generate(specs, data, batch);
  return measure::take_rows(files->feeds.at(0), specs, batch);
}

class Bench {
 public:
  Bench(const ModelSource& baseline, const ModelSource& candidate, const BenchOptions& options)
      : baseline_(baseline),
        candidate_(candidate),
        options_(options),
        library_(runtime::load_library(options.runtime)) {}

  BenchReport run() {
    describe();
    measure_memory();
    measure_loads();
    const auto control =
        runtime::control(options_.progress, "measure", options_.runtime.timeout_seconds);
    const Session a = open(library_, baseline_, options_.runtime, control);
    const Session b = open(library_, candidate_, options_.runtime, control);
    measure_batches(a, b);
    return std::move(report_);
  }

 private:
  void describe() {
    report_.baseline.model = baseline_.label();
    report_.candidate.model = candidate_.label();
    report_.baseline.file_bytes = api::model_bytes(baseline_);
    report_.candidate.file_bytes = api::model_bytes(candidate_);
    report_.cpu = base::cpu_info().model;
    report_.threads = options_.runtime.threads;
    report_.runtime_version = runtime::describe(*library_).version;
    if (auto doubt = measure::doubt_about_load()) report_.warnings.push_back(std::move(*doubt));
  }

  void measure_memory() {
    measure::report(options_.progress, "measure memory", 0, 2);
    const auto of = [&](const ModelSource& model) {
      if (options_.peak_memory) return options_.peak_memory(model);
      return peak_memory(model, options_.data, options_.runtime);
    };
    report_.baseline.peak_memory_bytes = of(baseline_);
    measure::report(options_.progress, "measure memory", 1, 2);
    report_.candidate.peak_memory_bytes = of(candidate_);
    if (options_.peak_memory) return;
    report_.warnings.emplace_back(
        "peak memory was measured in this process, one model after the other, and is not exact; "
        "octet bench, or BenchOptions::peak_memory, measures it in processes of their own");
  }

  void measure_loads() {
    const auto load = [&](const ModelSource& model) {
      return [&] { (void)open(library_, model, options_.runtime, {}); };
    };
    const auto tick = [&](double, double) { measure::report(options_.progress, "load", 0, 0); };
    const auto times =
        measure::measure_loads(load(baseline_), load(candidate_), measure::wall_clock(), tick);
    report_.baseline.load_ms = times.baseline_ms;
    report_.candidate.load_ms = times.candidate_ms;
  }

  void measure_batches(const Session& a, const Session& b) {
    const auto specs = api::model_inputs(baseline_, a.inputs());
    std::optional<data::Feeds> files;
    if (!options_.data.files.empty()) files = data::make_feeds(specs, options_.data);
    if (files && files->feeds.empty()) {
      throw Error(ErrorCode::invalid_data, "the data has no rows; give at least one with --data");
    }
    const DataOptions data = api::runnable_dims(a, specs, options_.data).value_or(options_.data);
    report_.data = files ? files->description : api::seeded_text(data);
    std::vector<std::string> verdicts;
    for (const std::int64_t batch : batches(specs)) {
      const data::Feed feed = feed_for(specs, files ? &*files : nullptr, batch, data);
      measure::bench_sessions(a, b, feed, batch, options_, report_);
      verdicts.push_back(report_.batches.back().verdict);
    }
    report_.verdict = measure::verdict(verdicts);
    if (report_.max_abs_diff > bounded_abs_tol) {
      report_.warnings.push_back(
          fmt::format("the outputs differ by up to {:.3g}; check the candidate with octet parity",
                      report_.max_abs_diff));
    }
  }

  // Those asked for, or the one the model has.
  std::vector<std::int64_t> batches(const std::vector<data::InputSpec>& specs) {
    if (measure::has_dynamic_batch(specs)) return options_.batches;
    const std::int64_t fixed = measure::fixed_batch(specs);
    if (options_.batches != std::vector<std::int64_t>{fixed}) {
      report_.warnings.push_back(fmt::format(
          "the model's first dimension is fixed, so only batch {} was measured; export it with a "
          "dynamic batch dimension to measure others",
          fixed));
    }
    return {fixed};
  }

  const ModelSource& baseline_;
  const ModelSource& candidate_;
  const BenchOptions& options_;
  LibraryPtr library_;
  BenchReport report_;
};

}  // namespace

BenchReport bench(const ModelSource& baseline, const ModelSource& candidate,
                  const BenchOptions& options) {
  check(options);
  const api::HeldStill held({&baseline, &candidate});
  BenchReport report = Bench(baseline, candidate, options).run();
  held.verify();
  return report;
}

}  // namespace octet
