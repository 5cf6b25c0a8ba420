#include "trial/bench.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

#include "base/cpu.hpp"
#include "graph/subnormals.hpp"
#include "measure/comparison.hpp"
#include "measure/latency.hpp"
#include "measure/machine.hpp"
#include "measure/progress.hpp"
#include "measure/statistics.hpp"
#include "octet/error.hpp"
#include "octet/parity.hpp"
#include "trial/memory.hpp"
#include "trial/model.hpp"
#include "trial/trial.hpp"

namespace octet::trial {
namespace {

using runtime::Session;

void check(const octet::BenchOptions& options) {
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

class Bench {
 public:
  Bench(const octet::ModelSource& baseline, const octet::ModelSource& candidate,
        const octet::BenchOptions& options)
      : baseline_(baseline),
        candidate_(candidate),
        options_(options),
        library_(runtime::load_library(options.runtime)),
        trial_(make_trial()) {}

  octet::BenchReport run() {
    describe();
    const Session candidate = open(candidate_);
    measure_memory(candidate);
    measure_loads();
    std::vector<std::string> verdicts;
    for (const std::int64_t batch : batches()) {
      measure_batch(candidate, batch);
      verdicts.push_back(report_.batches.back().verdict);
    }
    report_.verdict = measure::verdict(verdicts);
    if (report_.max_abs_diff > octet::bounded_abs_tol) {
      report_.warnings.push_back(
          fmt::format("the outputs differ by up to {:.3g}; check the candidate with octet parity",
                      report_.max_abs_diff));
    }
    return std::move(report_);
  }

 private:
  [[nodiscard]] Session open(const octet::ModelSource& model, bool flush_subnormals = false) const {
    runtime::SessionOptions how;
    how.flush_subnormals = flush_subnormals;
    how.threads = options_.runtime.threads;
    how.control = control_;
    return open_session(library_, model, how);
  }

  [[nodiscard]] Trial make_trial() const {
    check(options_);
    Session session = open(baseline_);
    auto inputs = model_inputs(baseline_, session);
    Settings settings;
    settings.data = options_.data;
    settings.batch = 1;
    settings.keep_bytes = 0;
    settings.progress = options_.progress;
    settings.stage = "measure";
    return {std::move(session), std::move(inputs), std::move(settings)};
  }

  void describe() {
    report_.baseline.model = baseline_.label();
    report_.candidate.model = candidate_.label();
    report_.baseline.file_bytes = model_bytes(baseline_);
    report_.candidate.file_bytes = model_bytes(candidate_);
    report_.subnormal_weights = graph::count_subnormals(graph::Graph::import(baseline_));
    report_.cpu = base::cpu_info().model;
    report_.threads = options_.runtime.threads;
    report_.runtime_version = runtime::describe(*library_).version;
    report_.data = trial_.description();
    if (auto doubt = measure::doubt_about_load()) report_.warnings.push_back(std::move(*doubt));
  }

  // On one feed, so that the data file counts with neither.
  void measure_memory(const Session& candidate) {
    measure::report(options_.progress, "measure memory", 0, 2);
    const auto of = [&](const octet::ModelSource& model, const Session& session) {
      const octet::DataOptions feed = one_feed(suited_to(session, trial_.feed_of(1)));
      if (options_.peak_memory) return options_.peak_memory(model, feed);
      return trial::peak_memory(model, feed, options_.runtime);
    };
    report_.baseline.peak_memory_bytes = of(baseline_, trial_.reference());
    measure::report(options_.progress, "measure memory", 1, 2);
    report_.candidate.peak_memory_bytes = of(candidate_, candidate);
    if (options_.peak_memory) return;
    report_.warnings.emplace_back(
        "peak memory was measured in this process, one model after the other, and is not exact; "
        "octet bench, or BenchOptions::peak_memory, measures it in processes of their own");
  }

  void measure_loads() {
    const auto load = [&](const octet::ModelSource& model) { return [&] { (void)open(model); }; };
    const auto tick = [&](double, double) { measure::report(options_.progress, "load", 0, 0); };
    const auto times =
        measure::measure_loads(load(baseline_), load(candidate_), measure::wall_clock(), tick);
    report_.baseline.load_ms = times.baseline_ms;
    report_.candidate.load_ms = times.candidate_ms;
  }

  // Those asked for, or the one the model or its data has.
  std::vector<std::int64_t> batches() {
    if (trial_.has_free_rows()) return options_.batches;
    const std::int64_t fixed = trial_.batch();
    if (options_.batches != std::vector<std::int64_t>{fixed}) {
      report_.warnings.push_back(
          fmt::format("the number of rows in one call is fixed, so only batch {} was measured; "
                      "export the model "
                      "with one dynamic batch dimension to measure others",
                      fixed));
    }
    return {fixed};
  }

  void measure_batch(const Session& candidate, std::int64_t batch) {
    const data::Feed feed = trial_.feed_of(batch);
    const data::Feed other = suited_to(candidate, feed);
    report_.max_abs_diff = std::max(report_.max_abs_diff,
                                    difference(trial_.reference().run(feed), candidate.run(other)));
    std::vector<measure::PairedSamples> turns;
    const std::size_t count = turns_in(options_.seconds);
    for (std::size_t t = 0; t < count; ++t) turns.push_back(measure_turn(feed, other, t, count));
    report_.batches.push_back(turns.size() == 1 ? measure::compare(std::move(turns.front()), batch)
                                                : measure::compare_turns(std::move(turns), batch));
    for (std::string& doubt : measure::doubts(report_.batches.back())) {
      report_.warnings.push_back(std::move(doubt));
    }
    if (report_.subnormal_weights > 0 && !report_.flushed_ratio) measure_flushed(feed);
  }

  // What of a gain is only that subnormal weights are gone: ONNX Runtime can do that by itself.
  void measure_flushed(const data::Feed& feed) {
    const Session plain = open(baseline_);
    const Session flushed = open(baseline_, true);
    const auto a = plain.bind(feed);
    const auto b = flushed.bind(feed);
    measure::Schedule schedule;
    schedule.seconds = std::min(1.0, options_.seconds);
    schedule.min_samples = std::min<std::uint64_t>(options_.min_runs, 8);
    schedule.warmup_seconds = options_.warmup_seconds;
    const auto tick = [&](double, double) { measure::report(options_.progress, "measure", 0, 0); };
    report_.flushed_ratio =
        measure::compare(measure::measure_pair([&] { a.run(); }, [&] { b.run(); }, schedule,
                                               measure::wall_clock(), tick),
                         report_.batches.back().batch)
            .ratio;
    report_.warnings.push_back(fmt::format(
        "{} has {} subnormal weights: with session.set_denormal_as_zero it takes {:.2f} of its "
        "time by itself, so that much of the ratio is not INT8's",
        baseline_.label(), report_.subnormal_weights, *report_.flushed_ratio));
  }

  // As many as loading them leaves time for; models that take seconds to load are loaded once.
  [[nodiscard]] std::size_t turns_in(double seconds) const {
    constexpr double fewest = 5;
    constexpr double most = 8;
    const double load = 1e-3 * (2 * report_.baseline.load_ms + report_.candidate.load_ms);
    if (fewest * load > std::max(2.0, 2 * seconds)) return 1;
    return static_cast<std::size_t>(std::clamp(seconds / std::max(load, 1e-9), fewest, most));
  }

  // With sessions of its own, opened in another order each time: it decides where they lie.
  [[nodiscard]] measure::PairedSamples measure_turn(const data::Feed& feed, const data::Feed& other,
                                                    std::size_t turn, std::size_t turns) const {
    std::array<std::optional<Session>, 3> sessions;  // baseline, candidate, the baseline once more
    for (std::size_t i = 0; i < sessions.size(); ++i) {
      const std::size_t which = (turn + i) % sessions.size();
      sessions.at(which).emplace(open(which == 1 ? candidate_ : baseline_));
    }
    const auto a = sessions[0]->bind(feed);
    const auto b = sessions[1]->bind(other);
    const auto c = sessions[2]->bind(feed);
    const auto share = static_cast<double>(turns);
    measure::Schedule schedule;
    schedule.seconds = options_.seconds / share;
    schedule.min_samples = (options_.min_runs + turns - 1) / turns;
    schedule.warmup_seconds = options_.warmup_seconds / share;
    const auto tick = [&](double spent, double total) {
      const double before = static_cast<double>(turn) * total;
      measure::report(options_.progress, "measure",
                      static_cast<std::uint64_t>(1e3 * (before + spent)),
                      static_cast<std::uint64_t>(1e3 * total * share));
    };
    return measure::measure_pair([&] { a.run(); }, [&] { b.run(); }, schedule,
                                 measure::wall_clock(), tick, [&] { c.run(); });
  }

  // A benchmark of models that do not do the same work means nothing.
  [[nodiscard]] double difference(const Outputs& baseline, const Outputs& candidate) const {
    const auto differ = [&](const std::string& fact) {
      throw Error(ErrorCode::invalid_data,
                  fmt::format("{}: {}, compared with {}; measure models made from each other",
                              candidate_.label(), fact, baseline_.label()));
    };
    if (baseline.size() != candidate.size()) {
      differ(fmt::format("{} outputs became {}", baseline.size(), candidate.size()));
    }
    for (const base::NamedTensor& output : baseline) {
      const base::Tensor& other =
          measure::find_output(candidate, output.name, candidate_.label()).tensor;
      if (other.type == output.tensor.type) continue;
      differ(fmt::format("output \"{}\": type {} became {}", output.name,
                         base::element_name(output.tensor.type), base::element_name(other.type)));
    }
    measure::Comparison comparison(candidate_.label());
    comparison.add(baseline, candidate);
    if (!comparison.problems().empty()) differ(comparison.problems().front());
    double largest = 0;
    for (const octet::OutputParity& output : comparison.results()) {
      if (output.not_compared.empty()) largest = std::max(largest, output.max_abs_diff);
    }
    return largest;
  }

  const octet::ModelSource& baseline_;
  const octet::ModelSource& candidate_;
  const octet::BenchOptions& options_;
  std::shared_ptr<const runtime::Library> library_;
  runtime::RunControl control_ =
      runtime::control(options_.progress, "measure", options_.runtime.timeout_seconds);
  Trial trial_;
  octet::BenchReport report_;
};

}  // namespace

octet::BenchReport bench(const octet::ModelSource& baseline, const octet::ModelSource& candidate,
                         const octet::BenchOptions& options) {
  return Bench(baseline, candidate, options).run();
}

}  // namespace octet::trial
