#include "octet/parity_shards.hpp"

#include <fmt/format.h>

#include <charconv>
#include <iterator>
#include <map>
#include <utility>

#include "data/recorded_files.hpp"
#include "export/trained_model.hpp"
#include "graph/model_files.hpp"
#include "measure/comparison.hpp"
#include "measure/parity_judgement.hpp"
#include "octet/error.hpp"
#include "report/comparison_part_json.hpp"
#include "report/file_records.hpp"
#include "trial/parity.hpp"

namespace octet {
namespace {

using Part = measure::ComparisonPart;

[[noreturn]] void refuse(const std::string& fact) {
  throw Error(ErrorCode::invalid_argument, fact);
}

void check(const ParityShard& shard) {
  if (shard.count >= 1 && shard.index >= 1 && shard.index <= shard.count) return;
  refuse(fmt::format("shard {}/{}: give one of 1/N to N/N", shard.index, shard.count));
}

void record(ParityReport& report, std::vector<FileRecord> files) {
  std::move(files.begin(), files.end(), std::back_inserter(report.files));
}

}  // namespace

ParityShard shard_from_text(const std::string& text) {
  ParityShard out;
  const char* const end = text.data() + text.size();
  const auto slash = std::from_chars(text.data(), end, out.index);
  const bool good = slash.ec == std::errc{} && slash.ptr != end && *slash.ptr == '/' &&
                    std::from_chars(slash.ptr + 1, end, out.count).ptr == end;
  if (!good) refuse(fmt::format("shard \"{}\": write one of how many, like 3/16", text));
  check(out);
  return out;
}

std::string parity_shard(const ModelSource& reference, const ModelSource& candidate,
                         const ParityOptions& options, const ParityShard& shard) {
  check(shard);
  if (data::is_recorded(reference) || exporting::is_trained(reference)) {
    throw Error(ErrorCode::unsupported,
                reference.label() + ": shares are compared between two ONNX models");
  }
  const graph::HeldStill held({&reference, &candidate});
  Part part = trial::parity_part(reference, candidate, options, shard);
  record(part.report, report::records_of(reference, "reference"));
  record(part.report, report::records_of(candidate, "candidate"));
  for (const std::filesystem::path& file : options.data.files)
    record(part.report, report::records_of(file, "data"));
  held.verify();
  return report::to_json(part);
}

ParityReport merge_parity(const std::vector<ShardText>& shards) {
  if (shards.empty()) refuse("there are no shares to merge");
  std::map<std::uint64_t, std::pair<std::string, Part>> parts;
  for (const ShardText& shard : shards) {
    Part part = report::part_from_json(shard.text, shard.label);
    check({part.shard, part.shards});
    const auto number = part.shard;
    const auto [place, added] = parts.try_emplace(number, shard.label, std::move(part));
    if (!added)
      refuse(fmt::format("{} and {} are both share {}", place->second.first, shard.label, number));
  }
  const auto& [first_label, first] = parts.begin()->second;
  const std::string common = to_json(first.report);
  for (const auto& [number, labelled] : parts) {
    const auto& [label, part] = labelled;
    if (part.shards != first.shards || to_json(part.report) != common) {
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
  ParityReport report = first.report;
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

}  // namespace octet
