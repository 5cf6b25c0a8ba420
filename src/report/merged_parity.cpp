#include "report/merged_parity.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "measure/output_comparison.hpp"
#include "measure/parity_judgement.hpp"
#include "octet/error.hpp"
#include "report/comparison_part_json.hpp"

namespace octet::report {
namespace {

using Part = measure::ComparisonPart;

[[noreturn]] void refuse(const std::string& fact) {
  throw Error(ErrorCode::invalid_argument, fact);
}

}  // namespace

octet::ParityReport merged(const std::vector<octet::ShardText>& shards) {
  if (shards.empty()) refuse("there are no shares to merge");
  std::map<std::uint64_t, std::pair<std::string, Part>> parts;
  for (const ShardText& shard : shards) {
    Part part = part_from_json(shard.text, shard.label);
    if (part.shards < 1 || part.shard < 1 || part.shard > part.shards)
      refuse(fmt::format("{}: is no share from 1/N to N/N", shard.label));
    const auto number = part.shard;
    const auto [place, added] = parts.try_emplace(number, shard.label, std::move(part));
    if (!added)
      refuse(fmt::format("{} and {} are both share {}", place->second.first, shard.label, number));
  }
  const auto& [first_label, first] = parts.begin()->second;
  const std::string common = octet::to_json(first.report);
  for (const auto& [number, labelled] : parts) {
    const auto& [label, part] = labelled;
    if (part.shards != first.shards || octet::to_json(part.report) != common) {
      refuse(
          fmt::format("{} and {} are of other models, data or options, or ran on another "
                      "version of ONNX Runtime",
                      first_label, label));
    }
  }
  for (std::uint64_t number = 1; number <= first.shards; ++number) {
    if (parts.contains(number)) continue;
    refuse(fmt::format("share {0}/{1} is missing; make it with octet parity --shard {0}/{1}",
                       number, first.shards));
  }
  octet::ParityReport report = first.report;
  std::vector<measure::OutputSums> sums;
  for (const auto& [number, labelled] : parts) {
    const std::vector<measure::OutputSums>& later = labelled.second.sums;
    if (later.empty()) continue;  // more shares than calls
    if (sums.empty()) {
      sums = later;
      continue;
    }
    if (sums.size() != later.size())
      refuse(fmt::format("{}: has other outputs than the shares before", labelled.first));
    for (std::size_t i = 0; i < sums.size(); ++i) measure::append(sums[i], later[i]);
  }
  for (measure::OutputSums& one : sums)
    report.outputs.push_back(measure::OutputComparison(std::move(one)).result());
  measure::judge(report, report.tolerances);
  const auto worst = measure::worst_input_row(report);
  for (const auto& [number, labelled] : parts) {
    if (!worst || labelled.second.worst_input_row != worst) continue;
    report.worst_columns = labelled.second.worst_columns;
    break;
  }
  return report;
}

}  // namespace octet::report
