#include "tune/tuning.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>

#include "base/atomic_text.hpp"
#include "base/cpu.hpp"
#include "base/file_roles.hpp"
#include "data/inputs.hpp"
#include "measure/statistics.hpp"
#include "octet/error.hpp"
#include "tune/candidates.hpp"
#include "tune/carried_out.hpp"
#include "tune/likely_dims.hpp"
#include "tune/part_errors.hpp"
#include "tune/part_times.hpp"
#include "tune/search.hpp"
#include "tune/units.hpp"

namespace octet::tuning {
namespace {

using Clock = std::chrono::steady_clock;

// Shares of the budget after which the next stage begins, with what is known by then.
constexpr double until_times = 0.2;
constexpr double until_errors = 0.55;

Objective objective_of(const std::string& name) {
  static const std::map<std::string, Objective> all = {
      {"latency", Objective::latency}, {"size", Objective::size}, {"error", Objective::error}};
  const auto found = all.find(name);
  if (found != all.end()) return found->second;
  throw Error(ErrorCode::invalid_argument,
              fmt::format("--objective is \"{}\"; it can be latency, size or error", name));
}

class Tuning {
 public:
  Tuning(const ModelSource& model, const std::filesystem::path& output, const TuneOptions& options,
         const TuningCalls& calls)
      : output_(output),
        options_(options),
        calls_(calls),
        objective_(objective_of(options.objective)),
        graph_(graph::Graph::import(model)),
        survey_(graph_, likely_dims(graph_, options.data)),
        how_(how_of(options)),
        roles_(check_files()),
        candidates_(model, survey_, how_) {}

  TuneReport run() {
    if (candidates_.draws_noise()) {
      throw Error(ErrorCode::unsupported,
                  graph_.label() +
                      ": the model draws random numbers and answers differently each time it is "
                      "asked, so that nothing can be held against it");
    }
    Journal journal(options_.journal, calls_.fingerprint(candidates_.runtime_version()),
                    options_.resume);
    Evaluations evaluations(measures(), journal);
    Parts parts = parts_of(survey_, options_.planning, options_.threads);
    TimeCache cache(options_.speed_seconds > 0 ? options_.cache : "", base::cpu_info().model,
                    candidates_.runtime_version());
    const TimesSpent spent = measure_times(parts, candidates_, survey_, how_,
                                           options_.speed_seconds, cache, until(until_times));
    measure_errors(parts, evaluations, until(until_errors));
    const Found found =
        search(parts, evaluations, {objective_, options_.max_size}, graph_.total_bytes(), until(1),
               [&](const Point& point) { write(parts, point, journal); });
    report_.parts = parts.parts.size();
    report_.nodes_measured = spent.measured;
    report_.nodes_remembered = spent.remembered;
    report(parts, found, evaluations);
    graph_.verify();
    return std::move(report_);
  }

 private:
  base::FileRoles check_files() const {
    base::FileRoles roles;
    for (const std::filesystem::path& file : graph_.files()) roles.reads(file);
    for (const std::filesystem::path& file : options_.data.files) roles.reads(file);
    roles.writes(output_);
    base::check_writable(output_, true);
    for (const std::filesystem::path& file : {options_.journal, options_.save_plan}) {
      if (file.empty()) continue;
      roles.writes(file);
      base::check_writable(file, true);
    }
    return roles;
  }

  // There is time until this share of the budget.
  [[nodiscard]] std::function<bool()> until(double share) const {
    return [this, share] { return seconds() < share * options_.time_budget; };
  }
  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(Clock::now() - start_).count();
  }

  Measures measures() {
    Measures out;
    out.judge = [this](const Plan& plan) { return judged(plan); };
    if (options_.speed_seconds > 0) out.time = [this](const Plan& plan) { return timed(plan); };
    return out;
  }

  void tick() const {
    if (options_.progress && !options_.progress({"tune", static_cast<std::uint64_t>(seconds()),
                                                 static_cast<std::uint64_t>(options_.time_budget)}))
      throw Error(ErrorCode::cancelled, "stopped on request");
  }

  Judged judged(const Plan& plan) {
    tick();
    Judged out;
    const auto report = candidates_.judge_if_it_runs(plan);
    out.runs = report.has_value();
    if (!report) {
      out.error = out.max_abs_diff = std::numeric_limits<double>::infinity();
      out.reason = "ONNX Runtime refuses it";
      return out;
    }
    out.passed = report->passed;
    out.reason = report->reason;
    out.error = error_of(*report);
    for (const OutputParity& one : report->outputs)
      out.max_abs_diff = std::max(out.max_abs_diff, one.max_abs_diff);
    out.bytes = bytes_of(survey_, plan, options_.threads);
    return out;
  }

  // Slower once is chance.
  Timed timed(const Plan& plan) {
    tick();
    Timed out = worst_of(candidates_.time(plan, options_.speed_seconds));
    if (out.verdict == "slower") out = worst_of(candidates_.time(plan, 2 * options_.speed_seconds));
    return out;
  }

  static Timed worst_of(const std::vector<Speed>& speeds) {
    Timed out;
    out.ratio = 0;
    std::vector<std::string> verdicts;
    for (const Speed& speed : speeds) {
      verdicts.push_back(speed.verdict);
      if (speed.ratio <= out.ratio) continue;
      out.ratio = speed.ratio;
      out.ratio_low = speed.ratio_low;
      out.ratio_high = speed.ratio_high;
    }
    out.verdict = measure::verdict(verdicts);
    return out;
  }

  // The plan first: it is what a model can be made of.
  void write(const Parts& parts, const Point& point, Journal& journal) {
    const Plan plan = plan_of(parts, point.selection);
    journal.best(key_of(plan), plan);
    if (!options_.save_plan.empty())
      base::write_text_file(options_.save_plan, to_json(plan), roles_.widest_mode());
    const QuantizeReport written = calls_.deliver(plan);
    report_.written = written.written;
    report_.data_file = written.data_file;
    report_.warnings = written.warnings;
    report_.plan = written.plan;
  }

  void report(const Parts& parts, const Found& found, const Evaluations& evaluations) {
    report_.model = graph_.label();
    report_.output = output_.string();
    report_.data = candidates_.trial().description();
    report_.made_up = !data::is_given(options_.data);
    report_.rows = candidates_.trial().rows();
    report_.objective = options_.objective;
    report_.runtime_version = candidates_.runtime_version();
    report_.tried = evaluations.made();
    report_.remembered = evaluations.remembered();
    report_.crashed = evaluations.crashed();
    report_.complete = found.complete;
    if (options_.speed_seconds > 0) report_.float_us = candidates_.float_us();
    for (const std::size_t i : shown(found)) {
      report_.pareto.push_back(point_of(parts, found.points[i], i == 0));
      report_.pareto.back().chosen = found.best == i;
    }
    if (!report_.written) say_why(parts, found);
    report_.seconds = seconds();
  }

  static std::vector<std::size_t> shown(const Found& found) {
    std::vector<std::size_t> out = pareto(found.points);
    if (found.best && std::ranges::find(out, *found.best) == out.end())
      out.insert(std::ranges::find_if(out,
                                      [&](std::size_t i) {
                                        return found.points[i].judged.bytes >
                                               found.points[*found.best].judged.bytes;
                                      }),
                 *found.best);
    return out;
  }

  static TunePoint point_of(const Parts& parts, const Point& point, bool is_float) {
    TunePoint out;
    const Plan plan = plan_of(parts, point.selection);
    out.plan = is_float ? "float" : key_of(plan);
    out.bytes = point.judged.bytes;
    if (point.timed) {
      out.ratio = point.timed->ratio;
      out.ratio_low = point.timed->ratio_low;
      out.ratio_high = point.timed->ratio_high;
    }
    out.error = point.judged.error;
    out.max_abs_diff = point.judged.max_abs_diff;
    for (const Decision& decision : plan.decisions) {
      if (is_float || !changes(decision)) continue;
      ++(keeps_operator(decision) ? out.stored : out.computed);
    }
    return out;
  }

  // The plan that came nearest goes beside the output all the same.
  void say_why(const Parts& parts, const Found& found) {
    if (found.points.size() < 2) {
      report_.detail = "nothing in it can be had in INT8; octet inspect says why";
      report_.plan = parts.base;
      return;
    }
    const auto nearest = std::ranges::min_element(
        found.points.begin() + 1, found.points.end(), {}, [&](const Point& point) {
          const bool too_large = options_.max_size > 0 && point.judged.bytes > options_.max_size;
          return std::tuple(!point.judged.passed, too_large, point.judged.error);
        });
    report_.plan = plan_of(parts, nearest->selection);
    const std::string next =
        options_.save_plan.empty() ? "" : "; its plan is in " + options_.save_plan.string();
    if (!options_.save_plan.empty())
      base::write_text_file(options_.save_plan, to_json(report_.plan), roles_.widest_mode());
    if (found.best) {
      report_.detail = "none of the plans is better than the float model" + next;
    } else if (options_.max_size > 0) {
      report_.detail = fmt::format(
          "no plan keeps to {} bytes with answers that hold; the nearest has {} bytes{}{}",
          options_.max_size, nearest->judged.bytes,
          nearest->judged.passed ? "" : ", and fails: " + nearest->judged.reason, next);
    }
  }

  std::filesystem::path output_;
  const TuneOptions& options_;
  const TuningCalls& calls_;
  Clock::time_point start_ = Clock::now();
  Objective objective_;
  graph::Graph graph_;
  forms::Survey survey_;
  QuantizeOptions how_;
  base::FileRoles roles_;
  Candidates candidates_;
  TuneReport report_;
};

}  // namespace

QuantizeOptions how_of(const TuneOptions& options) {
  QuantizeOptions out;
  out.planning = options.planning;
  out.tolerances = options.tolerances;
  out.data = options.data;
  out.threads = options.threads;
  out.runtime = options.runtime;
  if (out.runtime.timeout_seconds > 0) out.runtime.timeout_seconds += options.time_budget;
  out.progress = options.progress;
  out.gate = false;  // every plan that is written was judged
  out.speed_seconds = 0;
  out.external_data = options.external_data;
  return out;
}

TuneReport tuned(const ModelSource& model, const std::filesystem::path& output,
                 const TuneOptions& options, const TuningCalls& calls) {
  return Tuning(model, output, options, calls).run();
}

}  // namespace octet::tuning
