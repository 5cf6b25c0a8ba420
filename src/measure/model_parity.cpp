#include "measure/model_parity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "measure/concatenation.hpp"
#include "measure/output_comparison.hpp"
#include "measure/progress.hpp"
#include "measure/recorded_outputs.hpp"
#include "octet/error.hpp"

namespace octet::measure {
namespace {

void warn_about_other_outputs(const runtime::Session& session, octet::ParityReport& report) {
  for (const runtime::Port& port : session.outputs()) {
    if (port.type != base::ElementType::undefined) continue;
    report.warnings.push_back(fmt::format(
        "output \"{}\" is not a tensor and was not compared; convert the model without ZipMap to "
        "compare it",
        port.name));
  }
}

void finish(const std::vector<OutputComparison>& comparisons, octet::ParityReport& report) {
  for (const OutputComparison& comparison : comparisons) {
    report.outputs.push_back(comparison.result());
    if (comparison.problem().empty()) continue;
    report.warnings.push_back(
        fmt::format("output \"{}\": {}", report.outputs.back().name, comparison.problem()));
  }
}

}  // namespace

data::Feed suited_to(const runtime::Session& session, const data::Feed& feed) {
  const auto& ports = session.inputs();
  data::Feed out;
  for (const base::NamedTensor& tensor : feed) {
    const bool asked = std::any_of(ports.begin(), ports.end(), [&](const runtime::Port& port) {
      return port.name == tensor.name;
    });
    if (asked) out.push_back(tensor);
  }
  return out;
}

const base::Tensor& find_output(const std::vector<base::NamedTensor>& outputs,
                                std::string_view name, std::string_view label) {
  std::string names;
  for (const base::NamedTensor& output : outputs) {
    if (output.name == name) return output.tensor;
    names += (names.empty() ? "" : ", ") + output.name;
  }
  throw Error(ErrorCode::invalid_data,
              fmt::format("{}: has no output \"{}\", only {}; compare models that were made from "
                          "each other",
                          label, name, names));
}

void compare_models(const runtime::Session& reference, const runtime::Session& candidate,
                    const std::vector<data::Feed>& feeds, const octet::ProgressCallback& progress,
                    octet::ParityReport& report) {
  std::vector<OutputComparison> comparisons;
  warn_about_other_outputs(reference, report);
  for (std::size_t i = 0; i < feeds.size(); ++i) {
    measure::report(progress, "compare", i, feeds.size());
    const auto truth = reference.run(feeds[i]);
    const auto answer = candidate.run(suited_to(candidate, feeds[i]));
    if (comparisons.empty()) {
      for (const base::NamedTensor& output : truth) comparisons.emplace_back(output.name);
    }
    for (std::size_t o = 0; o < truth.size(); ++o) {
      comparisons[o].add(truth[o].tensor, find_output(answer, truth[o].name, report.candidate));
    }
  }
  finish(comparisons, report);
}

void compare_recorded(std::vector<base::NamedTensor> recorded, const runtime::Session& candidate,
                      const std::vector<data::Feed>& feeds, const octet::ProgressCallback& progress,
                      octet::ParityReport& report) {
  warn_about_other_outputs(candidate, report);
  Concatenation all;
  for (std::size_t i = 0; i < feeds.size(); ++i) {
    measure::report(progress, "compare", i, feeds.size());
    all.add(candidate.run(feeds[i]));
  }
  const auto outputs = std::move(all).take();
  const RecordedMatches found = match_recorded(recorded, outputs, report.reference);
  std::vector<OutputComparison> comparisons;
  for (const RecordedMatch& match : found.matches) {
    base::Tensor& truth = recorded[match.recorded].tensor;
    truth.dims = outputs[match.output].tensor.dims;  // the same elements; axes of 1 may differ
    comparisons.emplace_back(outputs[match.output].name);
    comparisons.back().add(truth, outputs[match.output].tensor);
  }
  for (const std::string& name : found.ignored) {
    report.warnings.push_back(fmt::format(
        "{}: array \"{}\" is no output of the model and was ignored", report.reference, name));
  }
  for (std::size_t o = 0; o < outputs.size(); ++o) {
    const bool compared = std::any_of(found.matches.begin(), found.matches.end(),
                                      [&](const RecordedMatch& m) { return m.output == o; });
    if (!compared) {
      report.warnings.push_back(
          fmt::format("output \"{}\" was not recorded and not compared", outputs[o].name));
    }
  }
  finish(comparisons, report);
}

}  // namespace octet::measure
