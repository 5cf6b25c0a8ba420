// Plans tried on a model: each carried out in memory, run on the trial's feeds, and compared with
// the float model's answers.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "forms/survey.hpp"
#include "octet/parity.hpp"
#include "octet/plan.hpp"
#include "octet/quantize.hpp"
#include "runtime/run_control.hpp"
#include "runtime/session.hpp"
#include "trial/trial.hpp"

namespace octet::tune {

class Candidates {
 public:
  // Opens the float model and gets its answers. Throws Error{runtime_missing} when no ONNX Runtime
  // is found, Error{runtime_failed, unsupported} when the float model does not run on any inputs
  // at hand. Survey and options must outlive it.
  Candidates(const octet::ModelSource& model, const forms::Survey& survey,
             const octet::QuantizeOptions& options);

  // How the plan's model answers, judged by options.tolerances. Throws Error{runtime_failed} when
  // ONNX Runtime refuses it.
  [[nodiscard]] octet::ParityReport judge(const octet::Plan& plan);

  // The float model answers differently when asked twice: it draws noise.
  [[nodiscard]] bool draws_noise();
  // Plans tried so far.
  [[nodiscard]] std::uint64_t tried() const { return tried_; }

 private:
  const forms::Survey& survey_;
  const octet::QuantizeOptions& options_;
  std::shared_ptr<const runtime::Library> library_;
  runtime::RunControl control_;
  std::optional<trial::Trial> trial_;
  std::uint64_t tried_ = 0;
};

// The error of a report as one number: of its worst output the squared error as a share of the
// reference's square (for labels, the share that differs). Errors of parts of a plan, measured one
// by one, add up to about that of the whole.
[[nodiscard]] double error_of(const octet::ParityReport& report);

}  // namespace octet::tune
