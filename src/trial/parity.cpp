#include "trial/parity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "data/concatenation.hpp"
#include "data/recorded_files.hpp"
#include "measure/comparison.hpp"
#include "measure/parity_judgement.hpp"
#include "measure/progress.hpp"
#include "measure/recorded_outputs.hpp"
#include "octet/error.hpp"
#include "trial/model.hpp"
#include "trial/noise.hpp"
#include "trial/row_columns.hpp"
#include "trial/trial.hpp"

namespace octet::trial {
namespace {

using runtime::Session;

class Parity {
 public:
  Parity(const octet::ModelSource& reference, const octet::ModelSource& candidate,
         const octet::ParityOptions& options)
      : reference_(reference),
        candidate_(candidate),
        options_(options),
        library_(runtime::load_library(options.runtime)) {
    report_.reference = reference.label();
    report_.candidate = candidate.label();
    report_.tolerances = options.tolerances;
    report_.dims = options.data.dims;
    report_.seed = options.data.seed;
    report_.threads = options.runtime.threads;
    report_.made_up = !data::is_given(options.data);
    report_.runtime_version = runtime::describe(*library_).version;
  }

  octet::ParityReport against_model() {
    const Session candidate = open(candidate_);
    Trial trial = trial_of(reference_, true);
    own_ = own_difference(trial, trial.reference(), trial.reference());
    std::optional<Session> afresh;
    draws_ = any_noisy(own_);
    if (draws_) afresh = drawing_alike(trial);
    measure::Comparison comparison(report_.candidate);
    for (std::size_t i = 0; i < trial.size(); ++i) {
      const Outputs truth = afresh ? trial.run(*afresh, i) : *trial.answers(i);
      comparison.add(truth, trial.run(candidate, i), trial.rows_of(i));
    }
    return finish(trial, candidate, comparison);
  }

  measure::ComparisonPart part(const octet::ParityShard& shard) {
    const Session candidate = open(candidate_);
    Trial trial = trial_of(reference_, true);
    if (any_noisy(own_difference(trial, trial.reference(), trial.reference()))) {
      throw Error(ErrorCode::unsupported,
                  fmt::format("{}: the model draws random numbers, which depend on the calls "
                              "before; compare it in one piece",
                              report_.reference));
    }
    const auto bound = [&](std::uint64_t shares) {  // without trial.size() * shares
      const std::uint64_t each = trial.size() / shard.count;
      return each * shares + std::min(shares, trial.size() % shard.count);
    };
    measure::Comparison comparison(report_.candidate);
    for (std::size_t i = bound(shard.index - 1); i < bound(shard.index); ++i)
      comparison.add(*trial.answers(i), trial.run(candidate, i), trial.rows_of(i));
    look_at_batches(trial, candidate);
    measure::ComparisonPart part{shard.index, shard.count, {}, comparison.sums()};
    report_.outputs = comparison.results();
    part.worst_input_row = measure::worst_input_row(report_);
    report_.outputs.clear();
    if (part.worst_input_row) {  // so far counted within the share
      for (std::size_t i = 0; i < bound(shard.index - 1); ++i)
        *part.worst_input_row += trial.rows_of(i);
      part.worst_columns = row_columns(trial, options_.data, *part.worst_input_row);
    }
    part.report = std::move(report_);
    return part;
  }

  octet::ParityReport against_recorded(std::vector<base::NamedTensor> recorded) {
    Trial trial = trial_of(candidate_, false);
    data::Concatenation all;
    for (std::size_t i = 0; i < trial.size(); ++i) all.add(trial.run(trial.reference(), i));
    const Outputs outputs = std::move(all).take();
    measure::Comparison comparison(report_.candidate);
    const auto matches = measure::match_recorded(recorded, outputs, report_.reference);
    Outputs truth;
    for (const measure::RecordedMatch& match : matches.matches) {
      base::Tensor& tensor = recorded[match.recorded].tensor;
      tensor.dims = outputs[match.output].tensor.dims;  // the same elements; axes of 1 may differ
      truth.push_back(
          {outputs[match.output].name, std::move(tensor), outputs[match.output].nesting});
    }
    comparison.add(truth, outputs, trial.rows());
    warn_about(matches, outputs);
    return finish(trial, trial.reference(), comparison);
  }

 private:
  [[nodiscard]] Session open(const octet::ModelSource& model) const {
    measure::report(options_.progress, "load", 0, 0);
    runtime::SessionOptions how;
    how.threads = options_.runtime.threads;
    how.control = control_;
    return open_session(library_, model, how);
  }

  [[nodiscard]] Trial trial_of(const octet::ModelSource& model, bool trusted) {
    Session session = open(model);
    auto inputs = model_inputs(model, session);
    Settings settings;
    settings.data = options_.data;
    settings.batch = options_.batch;
    settings.keep_bytes = 0;  // each answer is wanted once
    settings.trusted = trusted;
    settings.progress = options_.progress;
    Trial trial(std::move(session), std::move(inputs), std::move(settings));
    report_.data = trial.description();
    report_.rows = trial.rows();
    report_.batch = trial.batch();
    return trial;
  }

  // A session of a reference that draws random numbers from seeds in the model: two that are asked
  // the same from the start draw the same, and nothing is noise. Without seeds ONNX Runtime draws
  // by the place of the node in the graph, which a candidate's surgery changes.
  std::optional<Session> drawing_alike(const Trial& trial) {
    if (!has_seeds(reference_)) return std::nullopt;
    auto apart = own_difference(trial, open(reference_), open(reference_));
    if (any_noisy(apart)) return std::nullopt;
    own_ = std::move(apart);
    report_.warnings.emplace_back(
        "the reference draws random numbers from seeds of its own; both models were asked the same "
        "from the start, so that they draw the same");
    return open(reference_);
  }

  // What differs from itself as much as is not allowed cannot be judged by.
  void judge_noise() {
    octet::ParityReport itself;
    itself.outputs = own_;
    measure::judge(itself, options_.tolerances);
    for (const octet::OutputParity& own : itself.outputs) {
      const auto output = std::ranges::find(report_.outputs, own.name, &octet::OutputParity::name);
      if (output == report_.outputs.end() || !is_noisy(own)) continue;
      output->own_noise = own.max_abs_diff;
      std::string fact = fmt::format(
          "the reference draws random numbers: on the same rows it differs from itself by up to "
          "{:.3g}",
          own.max_abs_diff);
      if (own.passed) {
        report_.warnings.push_back(fmt::format("output \"{}\": {}", own.name, fact));
      } else {
        output->not_compared = std::move(fact);
      }
    }
  }

  void warn_about(const measure::RecordedMatches& found, const Outputs& outputs) {
    for (const std::string& name : found.ignored) {
      report_.warnings.push_back(fmt::format(
          "{}: array \"{}\" is no output of the model and was ignored", report_.reference, name));
    }
    for (std::size_t o = 0; o < outputs.size(); ++o) {
      const bool compared = std::ranges::any_of(
          found.matches, [&](const measure::RecordedMatch& match) { return match.output == o; });
      if (compared) continue;
      report_.warnings.push_back(
          fmt::format("output \"{}\" was not recorded and not compared", outputs[o].name));
    }
  }

  void look_at_batches(const Trial& trial, const Session& candidate) {
    if (trial.rows_depend() && trial.batch() > 1 && !draws_) {
      report_.warnings.push_back(
          fmt::format("the model does not answer row by row, so all {} rows were given in one "
                      "call; choose with "
                      "--batch",
                      trial.batch()));
    }
    const auto coupling = draws_ ? std::nullopt : trial.coupling(candidate);
    if (coupling) {
      report_.batch_coupling = coupling->max_abs_diff;
      report_.batch_coupling_rows = coupling->rows;
    }
  }

  octet::ParityReport finish(const Trial& trial, const Session& candidate,
                             const measure::Comparison& comparison) {
    report_.outputs = comparison.results();
    judge_noise();
    look_at_batches(trial, candidate);
    measure::judge(report_, options_.tolerances);
    show_worst_row(trial);
    return std::move(report_);
  }

  void show_worst_row(const Trial& trial) {
    if (const auto row = measure::worst_input_row(report_))
      report_.worst_columns = row_columns(trial, options_.data, *row);
  }

  const octet::ModelSource& reference_;
  const octet::ModelSource& candidate_;
  const octet::ParityOptions& options_;
  std::shared_ptr<const runtime::Library> library_;
  runtime::RunControl control_ =
      runtime::control(options_.progress, "compare", options_.runtime.timeout_seconds);
  octet::ParityReport report_;
  bool draws_ = false;                    // random numbers
  std::vector<octet::OutputParity> own_;  // how far the reference is from itself
};

}  // namespace

octet::ParityReport parity(const octet::ModelSource& reference, const octet::ModelSource& candidate,
                           const octet::ParityOptions& options) {
  measure::check_tolerances(options.tolerances);
  if (!data::is_recorded(reference)) return Parity(reference, candidate, options).against_model();
  octet::ParityOptions how = options;
  if (!data::is_given(how.data)) {
    std::error_code unseen;
    if (!std::filesystem::is_directory(*reference.path(), unseen)) {
      throw Error(ErrorCode::invalid_argument,
                  fmt::format("{}: recorded outputs need the inputs they were recorded for; give "
                              "them with --data",
                              reference.label()));
    }
    how.data.files = {*reference.path()};  // a test_data_set folder holds both
  }
  Parity parity(reference, candidate, how);
  return parity.against_recorded(data::read_recorded(*reference.path()));
}

measure::ComparisonPart parity_part(const octet::ModelSource& reference,
                                    const octet::ModelSource& candidate,
                                    const octet::ParityOptions& options,
                                    const octet::ParityShard& shard) {
  measure::check_tolerances(options.tolerances);
  return Parity(reference, candidate, options).part(shard);
}

octet::ParityReport parity(std::vector<base::NamedTensor> answers,
                           const octet::ModelSource& reference, const octet::ModelSource& candidate,
                           const octet::ParityOptions& options) {
  measure::check_tolerances(options.tolerances);
  return Parity(reference, candidate, options).against_recorded(std::move(answers));
}

}  // namespace octet::trial
