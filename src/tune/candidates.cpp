#include "tune/candidates.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "graph/fill.hpp"
#include "graph/layout.hpp"
#include "measure/comparison.hpp"
#include "measure/parity_judgement.hpp"
#include "measure/progress.hpp"
#include "octet/error.hpp"
#include "plan/apply.hpp"
#include "trial/model.hpp"

namespace octet::tune {
namespace {

// Of the user's data; more rows say little more and cost as much again for every plan tried.
constexpr std::uint64_t most_rows = 256;

trial::Settings settings_of(const octet::QuantizeOptions& options) {
  trial::Settings out;
  out.data = options.data;
  out.most_rows = most_rows;
  out.progress = options.progress;
  out.stage = "compare";
  return out;
}

std::vector<std::byte> carried_out(const forms::Survey& survey, const octet::Plan& plan,
                                   const octet::QuantizeOptions& options) {
  graph::Overlay overlay(survey.graph());
  (void)plan::apply(survey, plan, overlay, options.threads);
  const graph::Layout layout = graph::lay_out(overlay, {});
  std::vector<std::byte> out(layout.model_bytes);
  graph::FillOptions fill;
  fill.threads = options.threads;
  graph::fill(overlay, layout, out, {}, fill);
  return out;
}

}  // namespace

Candidates::Candidates(const octet::ModelSource& model, const forms::Survey& survey,
                       const octet::QuantizeOptions& options)
    : survey_(survey),
      options_(options),
      library_(runtime::load_library(options.runtime)),
      control_(runtime::control(options.progress, "compare", options.runtime.timeout_seconds)) {
  measure::report(options.progress, "compare", 0, 0);
  runtime::SessionOptions how;
  how.threads = options.runtime.threads;
  how.control = control_;
  runtime::Session session = trial::open_session(library_, model, how);
  auto inputs = trial::model_inputs(survey.graph(), session);
  trial_.emplace(std::move(session), std::move(inputs), settings_of(options));
  if (!trial_->sizes_known()) {
    throw Error(ErrorCode::unsupported,
                "on none of the inputs that could be made up does the float model run");
  }
}

octet::ParityReport Candidates::judge(const octet::Plan& plan) {
  ++tried_;
  const std::vector<std::byte> bytes = carried_out(survey_, plan, options_);
  runtime::SessionOptions how;
  how.threads = options_.runtime.threads;
  how.control = control_;
  how.label = "the INT8 model";
  const runtime::Session session =
      trial::open_session(library_, std::span<const std::byte>(bytes), how);
  measure::Comparison comparison("the INT8 model");
  for (std::size_t i = 0; i < trial_->size(); ++i)
    comparison.add(*trial_->answers(i), trial_->run(session, i));
  octet::ParityReport report;
  report.reference = survey_.graph().label();
  report.candidate = "the INT8 model";
  report.data = trial_->description();
  report.rows = trial_->rows();
  report.outputs = comparison.results();
  report.made_up = !data::is_given(options_.data);
  report.batch = trial_->batch();
  report.runtime_version = runtime::describe(*library_).version;
  report.warnings = comparison.problems();
  measure::judge(report, options_.tolerances);
  return report;
}

bool Candidates::draws_noise() {
  measure::Comparison comparison("the float model");
  comparison.add(*trial_->answers(0), trial_->run(trial_->reference(), 0));
  return comparison.max_abs_diff() > 0;
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

}  // namespace octet::tune
