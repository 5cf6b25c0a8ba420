// Plans tried on a model: each carried out in memory, run on the trial's feeds, and compared with
// the float model's answers.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "forms/survey.hpp"
#include "measure/comparison.hpp"
#include "octet/parity.hpp"
#include "octet/plan.hpp"
#include "octet/quantize.hpp"
#include "runtime/run_control.hpp"
#include "runtime/session.hpp"
#include "trial/feedback.hpp"
#include "trial/observe.hpp"
#include "trial/trial.hpp"

namespace octet::tuning {

// More rows say little more and cost as much again for every plan tried.
inline constexpr std::uint64_t rows_enough = 256;

class Candidates {
 public:
  // Opens the float model and gets its answers. Throws Error{runtime_missing} when no ONNX Runtime
  // is found, Error{runtime_failed, unsupported} when the float model does not run on any inputs
  // at hand. Model, survey and options must
  // outlive it. Of the user's data at most `most_rows` are used.
  Candidates(const octet::ModelSource& model, const forms::Survey& survey,
             const octet::QuantizeOptions& options, std::uint64_t most_rows = rows_enough);

  // How the plan's model answers, call by call and in a sequence of calls where state is fed back,
  // judged by options.tolerances. Throws Error{runtime_failed} when
  // ONNX Runtime refuses it.
  [[nodiscard]] octet::ParityReport judge(const octet::Plan& plan);

  // nullopt where the plan cannot be carried out (float16 cannot hold a weight, or not in this
  // opset) or its model does not run: that says something of this plan, and nothing of the others.
  [[nodiscard]] std::optional<octet::ParityReport> judge_if_it_runs(const octet::Plan& plan);

  // What the columns of these values of the float model's main graph reach (trial::observe).
  [[nodiscard]] std::vector<trial::Observation> observe_columns(
      const std::vector<std::string>& values) const;

  // What these values of the float model's main graph are on the first feed.
  [[nodiscard]] std::vector<trial::Observation> observe_sizes(
      const std::vector<std::string>& values) const;

  // The plan's model beside the float model for about `seconds`: a call of one row, and one of 32
  // where the model takes it and it is no long one; where rows are not free, the first feed.
  [[nodiscard]] std::vector<octet::Speed> time(const octet::Plan& plan, double seconds);
  // The float model, opened once more, beside itself: what the machine makes of no difference.
  [[nodiscard]] std::vector<octet::Speed> time_float(double seconds) const;

  // The median time of a call of the first feed on the float model.
  [[nodiscard]] double float_us() const;

  // From now on plans are carried out without subnormal weights.
  void flush_subnormals(bool flush) { flush_ = flush; }

  // The float model answers differently when asked twice: it draws noise.
  [[nodiscard]] bool draws_noise();
  [[nodiscard]] const trial::Trial& trial() const& { return *trial_; }
  const trial::Trial& trial() const&& = delete;
  // Of the ONNX Runtime that runs them.
  [[nodiscard]] std::string runtime_version() const;
  [[nodiscard]] std::shared_ptr<const runtime::Library> library() const { return library_; }
  // Plans tried so far.
  [[nodiscard]] std::uint64_t tried() const { return tried_; }

 private:
  [[nodiscard]] runtime::Session open(const octet::ModelSource& model,
                                      const std::string& label = "") const;
  [[nodiscard]] runtime::Session open(const octet::Plan& plan) const;
  void add_sequence(const runtime::Session& session, measure::Comparison& comparison);

  [[nodiscard]] std::vector<octet::Speed> time(const runtime::Session& session,
                                               double seconds) const;
  [[nodiscard]] octet::Speed time(const runtime::Session& session, const data::Feed& feed,
                                  std::int64_t rows, double seconds) const;

  const octet::ModelSource& model_;
  const forms::Survey& survey_;
  const octet::QuantizeOptions& options_;
  std::shared_ptr<const runtime::Library> library_;
  runtime::RunControl control_;
  std::optional<trial::Trial> trial_;
  std::vector<trial::FedBack> state_;
  std::vector<trial::Outputs> sequence_;  // of the float model, which its own state was fed back to
  std::uint64_t tried_ = 0;
  bool flush_ = false;
};

// The error of a report as one number: of its worst output the squared error as a share of the
// reference's square (for labels, the share that differs). Errors of parts of a plan, measured one
// by one, add up to about that of the whole.
[[nodiscard]] double error_of(const octet::ParityReport& report);

}  // namespace octet::tuning
