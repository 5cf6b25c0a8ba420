#include "measure/bench_sessions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "measure/latency.hpp"
#include "measure/model_parity.hpp"
#include "measure/output_comparison.hpp"
#include "measure/progress.hpp"
#include "octet/error.hpp"

namespace octet::measure {
namespace {

using Outputs = std::vector<base::NamedTensor>;

// A benchmark of models that do not do the same work means nothing.
double largest_difference(const Outputs& baseline, const Outputs& candidate,
                          const octet::BenchReport& report) {
  const auto differ = [&](const std::string& fact) {
    throw Error(ErrorCode::invalid_data,
                fmt::format("{}: {}, compared with {}; measure models made from each other",
                            report.candidate.model, fact, report.baseline.model));
  };
  if (baseline.size() != candidate.size()) {
    differ(fmt::format("{} outputs became {}", baseline.size(), candidate.size()));
  }
  double largest = 0;
  for (const base::NamedTensor& output : baseline) {
    const base::Tensor& other = find_output(candidate, output.name, report.candidate.model);
    if (other.type != output.tensor.type) {
      differ(fmt::format("output \"{}\": type {} became {}", output.name,
                         base::element_name(output.tensor.type), base::element_name(other.type)));
    }
    OutputComparison comparison(output.name);
    comparison.add(output.tensor, other);
    if (!comparison.problem().empty()) {
      differ(fmt::format("output \"{}\": {}", output.name, comparison.problem()));
    }
    largest = std::max(largest, comparison.result().max_abs_diff);
  }
  return largest;
}

}  // namespace

void bench_sessions(const runtime::Session& baseline, const runtime::Session& candidate,
                    const data::Feed& feed, std::int64_t batch, const octet::BenchOptions& options,
                    octet::BenchReport& report) {
  const data::Feed other = suited_to(candidate, feed);
  report.max_abs_diff = std::max(
      report.max_abs_diff, largest_difference(baseline.run(feed), candidate.run(other), report));
  const auto a = baseline.bind(feed);
  const auto b = candidate.bind(other);
  Schedule schedule;
  schedule.seconds = options.seconds;
  schedule.min_samples = options.min_runs;
  schedule.warmup_seconds = options.warmup_seconds;
  const auto tick = [&](double spent, double total) {
    measure::report(options.progress, "measure", static_cast<std::uint64_t>(1e3 * spent),
                    static_cast<std::uint64_t>(1e3 * total));
  };
  auto samples = measure_pair([&] { a.run(); }, [&] { b.run(); }, schedule, wall_clock(), tick);
  report.batches.push_back(compare(std::move(samples), batch));
  for (std::string& doubt : doubts(report.batches.back())) {
    report.warnings.push_back(std::move(doubt));
  }
}

}  // namespace octet::measure
