#include "measure/parity_judgement.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <string>

#include "octet/error.hpp"

namespace octet::measure {
namespace {

bool is_label(const octet::OutputParity& output) {
  return output.type.find("float") == std::string::npos;  // float16, float32, float64, bfloat16
}

// Three digits, never less than the value: a tolerance that is typed in must pass.
std::string rounded_up(double value) {
  if (value <= 0) return "0";
  if (!std::isfinite(value)) return "inf";  // no step leads there: the loop would not end
  const double step = std::max(std::pow(10.0, std::floor(std::log10(value)) - 2),
                               std::numeric_limits<double>::denorm_min());
  for (double up = std::ceil(value / step);; up += 1) {
    std::string text = fmt::format("{:.3g}", up * step);
    double read = 0;  // back from the text: formatting may have rounded down
    std::from_chars(text.data(), text.data() + text.size(), read);
    if (read >= value) return text;
  }
}

// An output whose values never pass 1 and are no whisper: its differences mean the same whatever
// the model. A quiet one (1000 probabilities, scores near zero) is judged by its signal like the
// others.
constexpr double bound = 1.001;
constexpr double loud_rms = 0.1;

bool is_bounded(const octet::OutputParity& o) {
  return o.reference_max_abs <= bound && o.reference_rms >= loud_rms;
}

bool any_given(const octet::Tolerances& tolerances) {
  return tolerances.abs_tol || tolerances.mean_tol || tolerances.rel_tol || tolerances.min_cosine ||
         tolerances.min_sqnr_db;
}

std::string largest(const octet::OutputParity& o, double tolerance) {
  return fmt::format("max_abs_diff {:.3g} is above {:g} (row {})", o.max_abs_diff, tolerance,
                     o.worst_row);
}
std::string mean(const octet::OutputParity& o, double tolerance) {
  return fmt::format("mean_abs_diff {:.3g} is above {:g}", o.mean_abs_diff, tolerance);
}
std::string signal(const octet::OutputParity& o, double least) {
  return fmt::format("the signal is {:.1f} dB above the error, {:g} are asked for", o.sqnr_db,
                     least);
}

// "" where the output holds what was given.
std::string against_given(const octet::OutputParity& o, const octet::Tolerances& tolerances) {
  if (tolerances.abs_tol && !(o.max_abs_diff <= *tolerances.abs_tol))
    return largest(o, *tolerances.abs_tol);
  if (tolerances.mean_tol && !(o.mean_abs_diff <= *tolerances.mean_tol))
    return mean(o, *tolerances.mean_tol);
  if (tolerances.rel_tol && !(o.rmse <= *tolerances.rel_tol * o.reference_rms)) {
    return fmt::format("its error is {:.3g} of the reference's size, {:g} are allowed",
                       o.rmse / o.reference_rms, *tolerances.rel_tol);
  }
  if (tolerances.min_cosine && !(o.cosine_similarity >= *tolerances.min_cosine)) {
    return fmt::format("cosine_similarity {:.6f} is below {:g}", o.cosine_similarity,
                       *tolerances.min_cosine);
  }
  if (tolerances.min_sqnr_db && !(o.sqnr_db >= *tolerances.min_sqnr_db))
    return signal(o, *tolerances.min_sqnr_db);
  return "";
}

std::string by_its_values(const octet::OutputParity& o, const octet::Tolerances& tolerances) {
  if (!std::isfinite(o.max_abs_diff))
    return "NaN or infinity stands where the reference has another value";
  if (is_bounded(o)) {
    if (!(o.max_abs_diff <= bounded_abs_tol)) return largest(o, bounded_abs_tol);
    if (!(o.mean_abs_diff <= bounded_mean_tol)) return mean(o, bounded_mean_tol);
  } else if (!(o.sqnr_db >= default_min_sqnr_db)) {
    return signal(o, default_min_sqnr_db);
  }
  if (o.clear_agreement && !(*o.clear_agreement >= tolerances.min_label_agreement)) {
    return fmt::format(
        "the argmax agrees in {:.2f} % of the rows that have a clear one, {:.2f} % "
        "are asked for",
        100 * *o.clear_agreement, 100 * tolerances.min_label_agreement);
  }
  return "";
}

double rmse_at(double sqnr_db, double rms) {
  return rms * std::pow(10, -sqnr_db / 20);
}

// What the rule comes to for the values of this output.
void allow(octet::OutputParity& o, const octet::Tolerances& tolerances) {
  if (o.rule == "bounded") {
    o.allowed_max_abs_diff = bounded_abs_tol;
    o.allowed_mean_abs_diff = bounded_mean_tol;
  } else if (o.rule == "signal") {
    o.allowed_rmse = rmse_at(default_min_sqnr_db, o.reference_rms);
  } else if (o.rule == "given") {
    o.allowed_max_abs_diff = tolerances.abs_tol;
    o.allowed_mean_abs_diff = tolerances.mean_tol;
    const auto at_most = [&](double rmse) {
      o.allowed_rmse = std::min(rmse, o.allowed_rmse.value_or(rmse));
    };
    if (tolerances.rel_tol) at_most(*tolerances.rel_tol * o.reference_rms);
    if (tolerances.min_sqnr_db) at_most(rmse_at(*tolerances.min_sqnr_db, o.reference_rms));
  }
}

void judge_output(octet::OutputParity& o, const octet::Tolerances& tolerances) {
  o.failure.clear();
  o.allowed_max_abs_diff = o.allowed_mean_abs_diff = o.allowed_rmse = std::nullopt;
  if (!o.not_compared.empty()) {
    o.rule = "none";
    o.failure = fmt::format("not compared: {}", o.not_compared);
  } else if (is_label(o)) {
    o.rule = "labels";
    const bool holds = std::isfinite(o.max_abs_diff) &&
                       o.label_agreement.value_or(1) >= tolerances.min_label_agreement;
    if (!holds) {
      o.failure =
          fmt::format("{:.2f} % of the labels agree, {:.2f} % are asked for",
                      100 * o.label_agreement.value_or(0), 100 * tolerances.min_label_agreement);
    }
  } else if (any_given(tolerances)) {
    o.rule = "given";
    o.failure = against_given(o, tolerances);
  } else {
    o.rule = is_bounded(o) ? "bounded" : "signal";
    o.failure = by_its_values(o, tolerances);
  }
  if (!o.problem.empty()) o.failure = o.problem;
  allow(o, tolerances);
  o.passed = o.failure.empty();
}

std::string advice(const octet::ParityReport& report, bool floats_failed) {
  std::string out;
  if (!floats_failed) {
    out = "look at the rows whose label changed; ";
  } else if (std::isinf(report.required_abs_tol)) {
    out =
        "no tolerance passes: NaN, infinity, a shape or a type stands where the reference has "
        "another value; ";
  } else {
    out = fmt::format("if that is near enough for you, it passes with --abs-tol {} --mean-tol {}; ",
                      rounded_up(std::max(report.required_abs_tol, report.abs_tol)),
                      rounded_up(std::max(report.required_mean_tol, report.mean_tol)));
  }
  return out +
         "for a closer model leave nodes float with --exclude NODE (octet inspect lists them)";
}

}  // namespace

void check_tolerances(const octet::Tolerances& tolerances) {
  const auto check = [](const char* name, std::optional<double> value) {
    if (!value || *value >= 0) return;
    throw Error(ErrorCode::invalid_argument,
                fmt::format("{} is {}; give a number that is not negative", name, *value));
  };
  check("--abs-tol", tolerances.abs_tol);
  check("--mean-tol", tolerances.mean_tol);
  check("--rel-tol", tolerances.rel_tol);
  check("--min-cosine", tolerances.min_cosine);
  check("--min-sqnr", tolerances.min_sqnr_db);
  check("--min-label-agreement", tolerances.min_label_agreement);
  if (tolerances.min_cosine.value_or(0) > 1) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("--min-cosine is {}; a cosine is at most 1", *tolerances.min_cosine));
  }
  if (!(tolerances.min_label_agreement <= 1)) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("--min-label-agreement is {}; it is a share, from 0 to 1",
                            tolerances.min_label_agreement));
  }
}

void judge(octet::ParityReport& report, const octet::Tolerances& tolerances) {
  report.abs_tol = tolerances.abs_tol.value_or(bounded_abs_tol);
  report.mean_tol = tolerances.mean_tol.value_or(bounded_mean_tol);
  bool floats_failed = false;
  bool any_failed = false;
  bool all_compared = !report.outputs.empty();
  report.reason.clear();
  for (octet::OutputParity& o : report.outputs) {
    judge_output(o, tolerances);
    if (!o.passed)
      report.reason +=
          fmt::format("{}output \"{}\": {}", report.reason.empty() ? "" : "; ", o.name, o.failure);
    if (!o.not_compared.empty()) {
      all_compared = false;
      continue;
    }
    if (o.label_agreement)
      report.label_agreement = std::min(report.label_agreement.value_or(1), *o.label_agreement);
    if (!is_label(o)) {
      report.max_abs_diff = std::max(report.max_abs_diff, o.max_abs_diff);
      report.mean_abs_diff = std::max(report.mean_abs_diff, o.mean_abs_diff);
    }
    any_failed = any_failed || !o.passed;
    floats_failed = floats_failed || (!o.passed && !is_label(o));
  }
  report.verdict = any_failed ? "failed" : all_compared ? "passed" : "incomplete";
  report.passed = report.verdict == "passed";
  report.required_abs_tol = report.max_abs_diff;
  report.required_mean_tol = report.mean_abs_diff;
  if (report.outputs.empty()) report.reason = "there is no output to compare";
  if (any_failed) {
    report.next_step = advice(report, floats_failed);
  } else if (!report.passed) {
    report.next_step =
        "compare the rest by eye, octet predict shows what can be read; or export the "
        "model without these outputs";
  }
}

std::optional<std::uint64_t> worst_input_row(const octet::ParityReport& report) {
  const octet::OutputParity* worst = nullptr;
  for (const octet::OutputParity& output : report.outputs) {
    if (!output.not_compared.empty() || !output.worst_input_row) continue;
    if (worst == nullptr || output.max_abs_diff > worst->max_abs_diff) worst = &output;
  }
  if (worst == nullptr || !(worst->max_abs_diff > 0)) return std::nullopt;
  return worst->worst_input_row;
}

}  // namespace octet::measure
