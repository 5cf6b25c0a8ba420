#include "tune/gate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/available_memory.hpp"
#include "octet/error.hpp"
#include "tune/candidates.hpp"
#include "tune/carried_out.hpp"
#include "tune/pace.hpp"
#include "tune/repair.hpp"
#include "tune/units.hpp"

namespace octet::tuning {
namespace {

using Status = octet::Gate::Status;

// Candidates are made in memory, beside the float model's session, which may hold its weights
// twice.
constexpr std::uint64_t copies = 3;
// A call of a large model takes long, and a few of them say most of what many do.
constexpr std::uint64_t large_bytes = std::uint64_t{256} << 20U;
constexpr std::uint64_t rows_of_large = 16;
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

bool changes_nothing(const octet::Plan& plan) {
  return std::none_of(plan.decisions.begin(), plan.decisions.end(), changes);
}

// Holds one plan against the float model, and mends it.
class Holding {
 public:
  Holding(const octet::ModelSource& model, const forms::Survey& survey, octet::Plan plan,
          const octet::QuantizeOptions& options)
      : survey_(survey),
        options_(options),
        candidates_(model, survey, options,
                    survey.graph().total_bytes() > large_bytes ? rows_of_large : rows_enough) {
    out_.plan = std::move(plan);
  }

  Passage run() {
    answer();
    if (out_.gate.status == Status::passed && options_.flush_subnormals) flush();
    if (out_.gate.status == Status::passed && options_.speed_seconds > 0 &&
        !changes_nothing(out_.plan)) {
      try {
        keep_pace();
      } catch (const Error& error) {  // the answers hold all the same
        if (error.stops() || error.code() != ErrorCode::runtime_failed) throw;
        out_.gate.speed.clear();
      }
    }
    out_.gate.tried = candidates_.tried();
    return std::move(out_);
  }

 private:
  void answer() {
    octet::ParityReport report = candidates_.judge(out_.plan);
    if (!report.passed && candidates_.draws_noise()) {
      out_.gate.detail =
          "the float model gives other answers each time it is asked (it draws noise), so nothing "
          "can be held against it";
      return;
    }
    if (report.verdict == "incomplete") {
      out_.gate.detail = report.reason;
      return;
    }
    if (!report.passed && !options_.plan) {
      Mended mended =
          repair(candidates_, survey_, out_.plan, std::move(report), options_.repair_seconds);
      out_.plan = std::move(mended.plan);
      report = std::move(mended.report);
      out_.gate.repaired = std::move(mended.repaired);
    }
    out_.gate.status = report.passed ? Status::passed : Status::failed;
    out_.gate.parity = std::move(report);
    if (!out_.gate.repaired.empty())
      out_.gate.detail = fmt::format("precision was given back to {}", listed(out_.gate.repaired));
  }

  void flush() {
    if (subnormals_of(survey_, out_.plan, options_.threads) == 0) return;
    candidates_.flush_subnormals(true);
    auto report = candidates_.judge_if_it_runs(out_.plan);
    out_.flush = report && report->passed;
    candidates_.flush_subnormals(out_.flush);
    if (out_.flush) out_.gate.parity = std::move(report);
  }

  void keep_pace() {
    if (options_.plan) {
      out_.gate.speed = candidates_.time(out_.plan, options_.speed_seconds);
      return;
    }
    const Stopwatch watch{
        [this](const octet::Plan& plan, double seconds) { return candidates_.time(plan, seconds); },
        [this](double seconds) { return candidates_.time_float(seconds); }};
    Paced paced = pace(watch, out_.plan, options_.speed_seconds);
    if (!paced.taken_back.empty()) {
      // Floats for integers come nearer, but that is not known before it was seen.
      std::optional<octet::ParityReport> report;
      if (!changes_nothing(paced.plan)) report = candidates_.judge(paced.plan);
      if (report && !report->passed) return;
      out_.gate.parity = std::move(report);
      out_.gate.taken_back = std::move(paced.taken_back);
      out_.plan = std::move(paced.plan);
    }
    out_.gate.speed = std::move(paced.speed);
  }

  const forms::Survey& survey_;
  const octet::QuantizeOptions& options_;
  Candidates candidates_;
  Passage out_;
};

}  // namespace

Passage pass(const octet::ModelSource& model, const forms::Survey& survey, octet::Plan plan,
             const octet::QuantizeOptions& options) {
  if (!options.gate) return unknown(std::move(plan), "not asked for");
  if (!options.prove) return unknown(std::move(plan), "nothing is run without a proof");
  if (changes_nothing(plan)) return unknown(std::move(plan), "the plan changes nothing");
  const std::uint64_t bytes = survey.graph().total_bytes();
  if (bytes > large_bytes && copies * bytes > base::available_memory()) {
    return unknown(std::move(plan),
                   fmt::format("the model's {} MB are too much for the memory at hand to hold it "
                               "beside its result; octet parity compares the answers",
                               bytes >> 20U));
  }
  try {
    return Holding(model, survey, plan, options).run();
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

}  // namespace octet::tuning
