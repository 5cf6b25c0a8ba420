#include "measure/parity_judgement.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
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

std::string failure(const octet::OutputParity& o, const octet::ParityReport& report,
                    double min_label_agreement) {
  if (is_label(o)) {
    return fmt::format("output \"{}\": {:.2f} % of the labels agree, {:.2f} % are asked for",
                       o.name, 100 * o.label_agreement.value_or(0), 100 * min_label_agreement);
  }
  if (o.max_abs_diff > report.abs_tol) {
    return fmt::format("output \"{}\": max_abs_diff {:.3g} is above {:g} (row {})", o.name,
                       o.max_abs_diff, report.abs_tol, o.worst_row);
  }
  return fmt::format("output \"{}\": mean_abs_diff {:.3g} is above {:g}", o.name, o.mean_abs_diff,
                     report.mean_tol);
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
    out = fmt::format("it would pass with --abs-tol {} --mean-tol {}; ",
                      rounded_up(std::max(report.required_abs_tol, report.abs_tol)),
                      rounded_up(std::max(report.required_mean_tol, report.mean_tol)));
  }
  return out +
         "for a closer model quantize again with --storage float16 (weights that are only stored), "
         "or leave nodes float with --exclude NODE (octet inspect lists them)";
}

}  // namespace

void check_tolerances(const octet::ParityOptions& options) {
  const auto check = [](const char* name, double value) {
    if (value >= 0) return;
    throw Error(ErrorCode::invalid_argument,
                fmt::format("{} is {}; give a number that is not negative", name, value));
  };
  check("--abs-tol", options.abs_tol);
  check("--mean-tol", options.mean_tol);
  check("--min-label-agreement", options.min_label_agreement);
  if (!(options.min_label_agreement <= 1)) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("--min-label-agreement is {}; it is a share, from 0 to 1",
                            options.min_label_agreement));
  }
}

void judge(octet::ParityReport& report, const octet::ParityOptions& options) {
  report.abs_tol = options.abs_tol;
  report.mean_tol = options.mean_tol;
  report.passed = !report.outputs.empty();
  bool floats_failed = false;
  std::string failures;
  for (octet::OutputParity& o : report.outputs) {
    if (o.label_agreement) {
      report.label_agreement = std::min(report.label_agreement.value_or(1), *o.label_agreement);
    }
    if (is_label(o)) {
      o.passed = std::isfinite(o.max_abs_diff) &&
                 o.label_agreement.value_or(1) >= options.min_label_agreement;
    } else {
      o.passed = o.max_abs_diff <= options.abs_tol && o.mean_abs_diff <= options.mean_tol;
      report.max_abs_diff = std::max(report.max_abs_diff, o.max_abs_diff);
      report.mean_abs_diff = std::max(report.mean_abs_diff, o.mean_abs_diff);
    }
    if (o.passed) continue;
    report.passed = false;
    floats_failed = floats_failed || !is_label(o);
    failures += failure(o, report, options.min_label_agreement) + "; ";
  }
  report.required_abs_tol = report.max_abs_diff;
  report.required_mean_tol = report.mean_abs_diff;
  if (report.outputs.empty()) {
    report.next_step = "no output could be compared: give the models an output that is a tensor";
  } else if (!report.passed) {
    report.next_step = failures + advice(report, floats_failed);
  }
}

}  // namespace octet::measure
