#include "export/trained_model.hpp"

#include <memory>

#include "base/mapped_file.hpp"
#include "data/inputs.hpp"
#include "export/data_rows.hpp"
#include "export/probes.hpp"
#include "octet/error.hpp"
#include "trained/file.hpp"

namespace octet {

bool is_trained_model(const std::filesystem::path& path) {
  return trained::is_trained(path);
}

}  // namespace octet

namespace octet::exporting {
namespace {

constexpr std::size_t made_up_rows = 1;

translate::ReadOptions how_to_read(const ExportOptions& options) {
  translate::ReadOptions out;
  out.iterations =
      options.iterations == "all" ? translate::Iterations::all : translate::Iterations::best;
  out.key = options.key;
  const ReadingLimits& limits = options.limits;
  if (limits.max_unpacked != 0) out.limits.unpacked_bytes = limits.max_unpacked;
  if (limits.max_ratio != 0) out.limits.ratio = limits.max_ratio;
  if (limits.max_records != 0) out.limits.records = limits.max_records;
  if (limits.max_arrays != 0) out.limits.arrays = limits.max_arrays;
  if (limits.max_memo != 0) out.limits.memo = limits.max_memo;
  if (limits.max_depth != 0) out.limits.marks = limits.max_depth;
  return out;
}

}  // namespace

bool is_trained(const ModelSource& source) {
  return source.path() != nullptr && trained::is_trained(*source.path());
}

translate::Model read_trained(const ModelSource& source, const ExportOptions& options) {
  const translate::ReadOptions how = how_to_read(options);
  if (source.path() == nullptr)
    return translate::read_model(source.bytes(), nullptr, source.label(), how);
  const auto file =
      std::make_shared<const base::MappedFile>(base::MappedFile::open(*source.path()));
  translate::Model out;
  try {
    out = translate::read_model(file->bytes(), file, source.label(), how);
  } catch (...) {
    file->verify();  // a file that changed explains any error
    throw;
  }
  file->verify();
  return out;
}

TrainedAnswers predict_trained(const ModelSource& source, const DataOptions& data) {
  const translate::Model model = read_trained(source);
  const steps::Rows rows =
      data::is_given(data) ? exporting::read_rows(model.program, data, false)
                           : exporting::probe_rows(model.program, made_up_rows, data.seed, false);
  const auto precisions = steps::precisions_of(model.program, false);
  return {
      exporting::tensors_of(model.program, steps::predict(model.program, precisions, rows), false),
      model.sensitivity};
}

}  // namespace octet::exporting
