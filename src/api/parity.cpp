#include "octet/parity.hpp"

#include <iterator>
#include <utility>

#include "data/arrays.hpp"
#include "data/inputs.hpp"
#include "data/recorded_files.hpp"
#include "export/trained_model.hpp"
#include "graph/model_files.hpp"
#include "octet/error.hpp"
#include "report/file_records.hpp"
#include "trial/parity.hpp"

namespace octet {
namespace {

void record(ParityReport& report, std::vector<FileRecord> files) {
  std::move(files.begin(), files.end(), std::back_inserter(report.files));
}

ParityReport compared(const ModelSource& reference, const ModelSource& candidate,
                      const ParityOptions& options) {
  if (!exporting::is_trained(reference)) return trial::parity(reference, candidate, options);
  if (!data::is_given(options.data)) {
    throw Error(
        ErrorCode::invalid_argument,
        reference.label() + ": a trained model is compared on your rows; give them with --data");
  }
  exporting::TrainedAnswers answers = exporting::predict_trained(reference, options.data);
  ParityReport report = trial::parity(std::move(answers.outputs), reference, candidate, options);
  if (!answers.sensitivity.empty()) report.warnings.push_back(std::move(answers.sensitivity));
  return report;
}

}  // namespace

ParityReport parity(const std::vector<Array>& recorded, const ModelSource& candidate,
                    const ParityOptions& options) {
  const std::string label = "recorded answers";
  if (!data::is_given(options.data)) {
    throw Error(ErrorCode::invalid_argument,
                label + ": the rows that they were recorded for are missing");
  }
  std::vector<base::NamedTensor> answers;
  for (const Array& array : recorded) answers.push_back(data::to_tensor(array, label));
  const graph::HeldStill held({&candidate});
  ParityReport report = trial::parity(std::move(answers), ModelSource(label), candidate, options);
  record(report, report::records_of(candidate, "candidate"));
  for (const std::filesystem::path& file : options.data.files)
    record(report, report::records_of(file, "data"));
  held.verify();
  return report;
}

ParityReport parity(const ModelSource& reference, const ModelSource& candidate,
                    const ParityOptions& options) {
  const bool is_file = data::is_recorded(reference) || exporting::is_trained(reference);
  std::vector<const ModelSource*> models = {&candidate};
  if (!is_file) models.push_back(&reference);
  const graph::HeldStill held(models);
  ParityReport report = compared(reference, candidate, options);
  record(report, is_file ? report::records_of(*reference.path(), "reference")
                         : report::records_of(reference, "reference"));
  record(report, report::records_of(candidate, "candidate"));
  for (const std::filesystem::path& file : options.data.files)
    record(report, report::records_of(file, "data"));
  held.verify();
  return report;
}

}  // namespace octet
