#include "octet/parity.hpp"

#include <iterator>
#include <utility>

#include "api/file_records.hpp"
#include "data/recorded_files.hpp"
#include "graph/model_files.hpp"
#include "trial/parity.hpp"

namespace octet {
namespace {

void record(ParityReport& report, std::vector<FileRecord> files) {
  std::move(files.begin(), files.end(), std::back_inserter(report.files));
}

}  // namespace

ParityReport parity(const ModelSource& reference, const ModelSource& candidate,
                    const ParityOptions& options) {
  std::vector<const ModelSource*> models = {&candidate};
  if (!data::is_recorded(reference)) models.push_back(&reference);
  const graph::HeldStill held(models);
  ParityReport report = trial::parity(reference, candidate, options);
  const bool recorded = data::is_recorded(reference);
  record(report, recorded ? api::records_of(*reference.path(), "reference")
                          : api::records_of(reference, "reference"));
  record(report, api::records_of(candidate, "candidate"));
  for (const std::filesystem::path& file : options.data.files)
    record(report, api::records_of(file, "data"));
  held.verify();
  return report;
}

}  // namespace octet
