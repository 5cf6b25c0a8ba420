#include "export/proof.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "export/rows.hpp"
#include "octet/error.hpp"

namespace octet::exporting {
namespace {

using namespace steps;

constexpr int noisy_runs = 8;
// Two rounding steps of float32, for numbers; and as much as many roundings may add up to, for
// labels, which change at once or not at all.
constexpr double number_noise = 0x1p-23;
constexpr double label_noise = 0x1p-20;
constexpr double noise_factor = 16;     // errors add up in ways that few runs do not show
constexpr double unstable_factor = 10;  // of the tolerance

// Numbers of an output as the session gives it; of labels, their index.
std::vector<double> numbers_of(const Output& output, const base::Tensor& tensor) {
  std::vector<double> out;
  using base::ElementType;
  if (tensor.type == ElementType::string) {
    for (const std::string& text : tensor.strings) {
      const auto at = std::ranges::find(output.labels->texts, text);
      out.push_back(static_cast<double>(at - output.labels->texts.begin()));
    }
  } else if (tensor.type == ElementType::int64) {
    for (const std::int64_t value : tensor.as<std::int64_t>()) {
      if (!output.labels) {
        out.push_back(static_cast<double>(value));
        continue;
      }
      const auto at = std::ranges::find(output.labels->numbers, value);
      out.push_back(static_cast<double>(at - output.labels->numbers.begin()));
    }
  } else if (tensor.type == ElementType::float64) {
    const auto values = tensor.as<double>();
    out.assign(values.begin(), values.end());
  } else {
    const auto values = tensor.as<float>();
    out.assign(values.begin(), values.end());
  }
  return out;
}

// 0 for equals, NaN and infinities of one sign included; what float32 cannot hold is infinite.
double difference(double found, double truth) {
  if (std::isnan(truth)) return std::isnan(found) ? 0 : std::numeric_limits<double>::infinity();
  const double most = std::numeric_limits<float>::max();
  if (std::abs(truth) > most && std::isinf(found) && (found > 0) == (truth > 0)) return 0;
  if (found == truth) return 0;
  const double apart = std::abs(found - truth) / (1 + std::abs(truth));
  return std::isnan(apart) ? std::numeric_limits<double>::infinity() : apart;
}

std::string cell(const Output& output, double value) {
  if (output.labels) {
    const auto index = static_cast<std::size_t>(value);
    if (index >= output.labels->size()) return "no label of its";
    return output.labels->texts.empty() ? fmt::format("{}", output.labels->numbers[index])
                                        : output.labels->texts[index];
  }
  return fmt::format("{:.9g}", value);
}

}  // namespace

Agreement compare(const Program& program, const Precisions& precisions, const Rows& rows,
                  const runtime::Session& session, const ProofOptions& options) {
  const std::vector<Table> truth = predict(program, precisions, rows);
  std::vector<std::vector<Table>> noisy;
  std::vector<std::vector<Table>> noisier;
  for (int run = 1; run <= noisy_runs; ++run) {
    const bool for_labels = run % 2 == 0;
    const Noise noise{static_cast<std::uint64_t>(run) * 1000003,
                      for_labels ? label_noise : number_noise};
    (for_labels ? noisier : noisy).push_back(predict(program, precisions, rows, noise));
  }
  const auto found = session.run(feeds_of(program, rows, options.all_double));
  Agreement out;
  out.rows = rows.count;
  std::vector<bool> unstable(rows.count);
  std::vector<bool> wrong(rows.count);
  for (std::size_t o = 0; o < program.outputs.size(); ++o) {
    const Output& output = program.outputs[o];
    const auto same_name = std::ranges::find(found, output.name, &base::NamedTensor::name);
    if (same_name == found.end()) {
      throw Error(ErrorCode::runtime_failed,
                  fmt::format("the exported model has no output \"{}\"", output.name));
    }
    const std::vector<double> values = numbers_of(output, same_name->tensor);
    const std::size_t width = truth[o].width;
    if (values.size() != rows.count * width) {
      throw Error(ErrorCode::runtime_failed,
                  fmt::format("output \"{}\" of the exported model has {} elements instead of {}",
                              output.name, values.size(), rows.count * width));
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double reference = truth[o].numbers[i];
      const bool is_label = output.labels || output.integral;
      double spread = 0;
      for (const std::vector<Table>& run : is_label ? noisier : noisy)
        spread = std::max(spread, difference(run[o].numbers[i], reference));
      const double apart = difference(values[i], reference);
      if (is_label ? spread > 0 : spread > unstable_factor * options.tolerance)
        unstable[i / width] = true;
      const bool is_wrong =
          is_label ? apart > 0 && spread == 0 : apart > options.tolerance + noise_factor * spread;
      if (!is_wrong) {
        if (!is_label && spread <= unstable_factor * options.tolerance)
          out.max_difference = std::max(out.max_difference, apart);
        continue;
      }
      wrong[i / width] = true;
      if (out.first_wrong.empty()) {
        out.first_wrong = fmt::format("row {}: {}{} is {}, not {}", i / width, output.name,
                                      width == 1 ? std::string() : fmt::format("[{}]", i % width),
                                      cell(output, values[i]), cell(output, reference));
      }
    }
  }
  out.unstable_rows = static_cast<std::size_t>(std::ranges::count(unstable, true));
  out.wrong_rows = static_cast<std::size_t>(std::ranges::count(wrong, true));
  return out;
}

}  // namespace octet::exporting
