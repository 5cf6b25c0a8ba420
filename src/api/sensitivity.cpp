#include "octet/sensitivity.hpp"

#include <chrono>

#include "data/inputs.hpp"
#include "forms/survey.hpp"
#include "graph/graph.hpp"
#include "octet/error.hpp"
#include "plan/planner.hpp"
#include "tune/candidates.hpp"
#include "tune/likely_dims.hpp"
#include "tune/sensitivity.hpp"

namespace octet {
namespace {

// Every layer is run on them, so that a few have to do; and fewer where each run takes long.
constexpr std::uint64_t large_bytes = std::uint64_t{32} << 20U;

std::uint64_t most_rows(std::uint64_t bytes) {
  return bytes > large_bytes ? 16 : 64;
}

}  // namespace

SensitivityReport sensitivity(const ModelSource& model, const SensitivityOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  const graph::Graph graph = graph::Graph::import(model);
  const forms::Survey survey(graph, tuning::likely_dims(graph, options.data));
  const Plan plan =
      options.plan ? *options.plan : plan::make(survey, options.planning, {options.threads, {}});
  QuantizeOptions how;
  how.tolerances = options.tolerances;
  how.data = options.data;
  how.threads = options.threads;
  how.runtime = options.runtime;
  how.progress = options.progress;
  tuning::Candidates candidates(model, survey, how, most_rows(graph.total_bytes()));
  if (candidates.draws_noise()) {
    throw Error(ErrorCode::unsupported,
                graph.label() +
                    ": the model draws random numbers and answers differently each time it is "
                    "asked, so that no error can be measured");
  }
  SensitivityReport report = tuning::rank(candidates, survey, plan, options.seconds);
  tuning::find_outliers(candidates, survey, report);
  report.model = graph.label();
  report.data = candidates.trial().description();
  report.made_up = !data::is_given(options.data);
  report.rows = candidates.trial().rows();
  report.runtime_version = candidates.runtime_version();
  graph.verify();
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return report;
}

}  // namespace octet
