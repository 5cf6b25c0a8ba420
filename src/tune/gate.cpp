#include "tune/gate.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "octet/error.hpp"
#include "quant/encoding.hpp"
#include "tune/candidates.hpp"
#include "tune/repair.hpp"

namespace octet::tune {
namespace {

using Status = octet::Gate::Status;

// Candidates are made in memory, beside the float model's session.
constexpr std::uint64_t most_bytes = std::uint64_t{1} << 30U;
constexpr std::size_t most_names = 5;

std::string listed(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < std::min(names.size(), most_names); ++i)
    out += fmt::format("{}\"{}\"", i == 0 ? "" : ", ", names[i]);
  if (names.size() > most_names) out += fmt::format(" and {} more", names.size() - most_names);
  return out;
}

Passage unknown(octet::Plan plan, std::string why) {
  Passage out;
  out.plan = std::move(plan);
  out.gate.status = Status::unknown;
  out.gate.detail = std::move(why);
  return out;
}

Passage judged(octet::Plan plan, octet::ParityReport report, std::vector<std::string> mended) {
  Passage out;
  out.plan = std::move(plan);
  out.gate.status = report.passed ? Status::passed : Status::failed;
  out.gate.repaired = std::move(mended);
  out.gate.parity = std::move(report);
  if (!out.gate.repaired.empty()) {
    out.gate.detail = fmt::format("precision was given back to {}", listed(out.gate.repaired));
  }
  return out;
}

Passage hold(const octet::ModelSource& model, const forms::Survey& survey, octet::Plan plan,
             const octet::QuantizeOptions& options) {
  Candidates candidates(model, survey, options);
  octet::ParityReport report = candidates.judge(plan);
  std::vector<std::string> repaired;
  if (!report.passed && candidates.draws_noise()) {
    return unknown(std::move(plan),
                   "the float model gives other answers each time it is asked (it draws noise), so "
                   "nothing can be held against it");
  }
  if (report.verdict == "incomplete") return unknown(std::move(plan), report.reason);
  if (!report.passed && !options.plan) {
    Mended mended = repair(candidates, survey, plan, std::move(report), options.repair_seconds);
    plan = std::move(mended.plan);
    report = std::move(mended.report);
    repaired = std::move(mended.repaired);
  }
  Passage out = judged(std::move(plan), std::move(report), std::move(repaired));
  out.gate.tried = candidates.tried();
  return out;
}

bool changes_nothing(const octet::Plan& plan) {
  for (const octet::Decision& decision : plan.decisions) {
    for (const octet::WeightChoice& weight : decision.weights) {
      if (weight.storage != quant::name(quant::Kind::float32)) return false;
    }
  }
  return true;
}

}  // namespace

Passage pass(const octet::ModelSource& model, const forms::Survey& survey, octet::Plan plan,
             const octet::QuantizeOptions& options) {
  if (!options.gate) return unknown(std::move(plan), "not asked for");
  if (!options.prove) return unknown(std::move(plan), "nothing is run without a proof");
  if (changes_nothing(plan)) return unknown(std::move(plan), "the plan changes nothing");
  if (survey.graph().total_bytes() > most_bytes) {
    return unknown(std::move(plan), "the model is above 1 GiB; octet parity compares the answers");
  }
  try {
    return hold(model, survey, plan, options);
  } catch (const Error& error) {
    const bool is_named =
        !options.runtime.library.empty() || !options.runtime.environment_library.empty();
    const bool elsewhere = (error.code() == ErrorCode::runtime_missing && !is_named) ||
                           error.code() == ErrorCode::runtime_failed ||
                           error.code() == ErrorCode::unsupported;
    if (error.stops() || !elsewhere) throw;
    return unknown(std::move(plan), error.what());
  }
}

}  // namespace octet::tune
