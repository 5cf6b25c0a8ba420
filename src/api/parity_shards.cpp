#include "octet/parity_shards.hpp"

#include <fmt/format.h>

#include <charconv>
#include <iterator>
#include <utility>

#include "data/recorded_files.hpp"
#include "export/trained_model.hpp"
#include "graph/model_files.hpp"
#include "octet/error.hpp"
#include "report/comparison_part_json.hpp"
#include "report/file_records.hpp"
#include "report/merged_parity.hpp"
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
  return report::merged(shards);
}

}  // namespace octet
