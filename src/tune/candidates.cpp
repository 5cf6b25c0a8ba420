#include "tune/candidates.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "measure/comparison.hpp"
#include "measure/latency.hpp"
#include "measure/parity_judgement.hpp"
#include "measure/progress.hpp"
#include "measure/statistics.hpp"
#include "octet/error.hpp"
#include "trial/batches.hpp"
#include "trial/model.hpp"
#include "tune/carried_out.hpp"

namespace octet::tuning {
namespace {

constexpr std::int64_t many_rows = 32;
constexpr std::uint64_t least_samples = 4;  // of each model, however long a call takes
constexpr const char* candidate_label = "the INT8 model";

trial::Settings settings_of(const octet::QuantizeOptions& options, std::uint64_t most_rows) {
  trial::Settings out;
  out.data = options.data;
  out.most_rows = most_rows;
  out.progress = options.progress;
  out.stage = "compare";
  return out;
}

}  // namespace

Candidates::Candidates(const octet::ModelSource& model, const forms::Survey& survey,
                       const octet::QuantizeOptions& options, std::uint64_t most_rows)
    : model_(model),
      survey_(survey),
      options_(options),
      library_(runtime::load_library(options.runtime)),
      control_(runtime::control(options.progress, "compare", options.runtime.timeout_seconds)) {
  measure::report(options.progress, "compare", 0, 0);
  runtime::Session session = open(model);
  auto inputs = trial::model_inputs(survey.graph(), session);
  trial_.emplace(std::move(session), std::move(inputs), settings_of(options, most_rows));
  if (!trial_->sizes_known()) {
    throw Error(ErrorCode::unsupported,
                "on none of the inputs that could be made up does the float model run");
  }
  state_ = trial::fed_back(trial_->inputs(), trial_->reference().outputs());
}

runtime::Session Candidates::open(const octet::ModelSource& model, const std::string& label) const {
  runtime::SessionOptions how;
  how.threads = options_.runtime.threads;
  how.control = control_;
  how.label = label;
  return trial::open_session(library_, model, how);
}

runtime::Session Candidates::open(const octet::Plan& plan) const {
  const std::vector<std::byte> bytes = carried_out(survey_, plan, options_.threads, flush_);
  return open(std::span<const std::byte>(bytes), candidate_label);
}

octet::ParityReport Candidates::judge(const octet::Plan& plan) {
  ++tried_;
  const runtime::Session session = open(plan);
  measure::Comparison comparison(candidate_label);
  for (std::size_t i = 0; i < trial_->size(); ++i)
    comparison.add(*trial_->answers(i), trial_->run(session, i), trial_->rows_of(i));
  add_sequence(session, comparison);
  octet::ParityReport report;
  report.reference = survey_.graph().label();
  report.candidate = candidate_label;
  report.data = trial_->description();
  report.rows = trial_->rows();
  report.outputs = comparison.results();
  report.made_up = !data::is_given(options_.data);
  report.batch = trial_->batch();
  report.runtime_version = runtime_version();
  report.warnings = comparison.problems();
  measure::judge(report, options_.tolerances);
  return report;
}

void Candidates::add_sequence(const runtime::Session& session, measure::Comparison& comparison) {
  constexpr std::size_t steps = 16;
  if (state_.empty()) return;
  if (sequence_.empty())
    sequence_ = trial::run_sequence(*trial_, trial_->reference(), state_, steps);
  const auto answers = trial::run_sequence(*trial_, session, state_, sequence_.size());
  for (std::size_t i = 0; i < answers.size(); ++i) comparison.add(sequence_[i], answers[i]);
}

std::optional<octet::ParityReport> Candidates::judge_if_it_runs(const octet::Plan& plan) {
  try {
    return judge(plan);
  } catch (const Error& error) {
    const bool of_the_plan = error.code() == ErrorCode::invalid_argument ||
                             error.code() == ErrorCode::runtime_failed ||
                             error.code() == ErrorCode::unsupported;
    if (error.stops() || !of_the_plan) throw;
    return std::nullopt;
  }
}

std::vector<trial::Observation> Candidates::observe_columns(
    const std::vector<std::string>& values) const {
  constexpr std::size_t most_feeds = 32;
  return trial::observe(*trial_, library_, model_, values,
                        {true, most_feeds, options_.runtime, options_.progress});
}

std::vector<trial::Observation> Candidates::observe_sizes(
    const std::vector<std::string>& values) const {
  return trial::observe(*trial_, library_, model_, values,
                        {false, 1, options_.runtime, options_.progress});
}

std::string Candidates::runtime_version() const {
  return runtime::describe(*library_).version;
}

std::vector<octet::Speed> Candidates::time(const octet::Plan& plan, double seconds) {
  ++tried_;
  return time(open(plan), seconds);
}

std::vector<octet::Speed> Candidates::time_float(double seconds) const {
  return time(open(model_), seconds);
}

std::vector<octet::Speed> Candidates::time(const runtime::Session& session, double seconds) const {
  if (!trial_->has_free_rows()) return {time(session, trial_->feed(0), trial_->batch(), seconds)};
  std::vector<octet::Speed> out;
  for (const std::int64_t rows : {std::int64_t{1}, many_rows}) {
    const data::Feed feed = trial_->feed_of(rows);
    if (rows > 1) {
      const auto start = std::chrono::steady_clock::now();
      if (!trial::runs(trial_->reference(), feed)) continue;
      const std::chrono::duration<double> call = std::chrono::steady_clock::now() - start;
      if (call.count() > seconds) continue;  // what is so long a call is not measured in so short
    }
    out.push_back(time(session, feed, rows, seconds / 2));
  }
  return out;
}

octet::Speed Candidates::time(const runtime::Session& session, const data::Feed& feed,
                              std::int64_t rows, double seconds) const {
  const data::Feed same = trial::suited_to(session, feed);
  const auto a = trial_->reference().bind(feed);
  const auto b = session.bind(same);
  measure::Schedule schedule;
  schedule.seconds = seconds;
  schedule.min_samples = least_samples;
  schedule.warmup_seconds = seconds / 10;
  const auto tick = [&](double, double) { measure::report(options_.progress, "measure", 0, 0); };
  const octet::BatchComparison c =
      measure::compare(measure::measure_pair([&] { a.run(); }, [&] { b.run(); }, schedule,
                                             measure::wall_clock(), tick),
                       rows);
  return {rows, c.ratio, c.ratio_low, c.ratio_high, c.verdict};
}

double Candidates::float_us() const {
  constexpr int calls = 5;
  const data::Feed feed = trial_->feed(0);
  const auto bound = trial_->reference().bind(feed);
  std::vector<double> us;
  for (int i = 0; i < calls; ++i) {
    measure::report(options_.progress, "measure", 0, 0);
    const auto start = std::chrono::steady_clock::now();
    bound.run();
    us.push_back(std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start)
                     .count());
  }
  return measure::median(us);
}

bool Candidates::draws_noise() {
  measure::Comparison comparison("the float model");
  comparison.add(*trial_->answers(0), trial_->run(trial_->reference(), 0));
  const auto outputs = comparison.results();
  return std::any_of(outputs.begin(), outputs.end(),
                     [](const octet::OutputParity& o) { return o.max_abs_diff > 0; });
}

double error_of(const octet::ParityReport& report) {
  double worst = 0;
  for (const octet::OutputParity& o : report.outputs) {
    if (!std::isfinite(o.rmse)) return std::numeric_limits<double>::infinity();
    const double size = o.rule == "labels" ? 1 : std::max(o.reference_rms, 1e-30);
    worst = std::max(worst, (o.rmse / size) * (o.rmse / size));
  }
  return worst;
}

}  // namespace octet::tuning
