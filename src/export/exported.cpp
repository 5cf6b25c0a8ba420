#include "export/exported.hpp"

#include <fmt/format.h>

#include <limits>
#include <optional>
#include <span>

#include "export/data_rows.hpp"
#include "export/emit_trees.hpp"
#include "export/probes.hpp"
#include "export/proof.hpp"
#include "export/trained_model.hpp"
#include "measure/progress.hpp"
#include "octet/error.hpp"
#include "trial/parity.hpp"

namespace octet::exporting {
namespace {

std::string shape_word(std::int64_t size) {
  return size < 0 ? std::string("N") : std::to_string(size);
}

ValueSummary summary_of(const base::Port& port) {
  ValueSummary out{port.name, std::string(base::element_name(port.type)), {}};
  for (const std::int64_t size : port.dims) out.shape.push_back(shape_word(size));
  return out;
}

std::vector<ValueSummary> outputs_of(const steps::Program& program, bool all_double) {
  std::vector<ValueSummary> out;
  for (const steps::Output& output : program.outputs) {
    std::string type = all_double ? "float64" : "float32";
    if (output.integral || output.labels) type = "int64";
    if (output.labels && !output.labels->texts.empty()) type = "string";
    out.push_back({output.name, type, {"N"}});
    if (!output.flat) out.back().shape.push_back(std::to_string(program.steps[output.value].width));
  }
  return out;
}

// nullptr when none is found and nobody named one; the report then says so.
std::shared_ptr<const runtime::Library> library_for(const RuntimeOptions& options,
                                                    ExportProof& proof) {
  try {
    return runtime::load_library(options);
  } catch (const Error& error) {
    if (!options.library.empty() || !options.environment_library.empty()) throw;
    proof.reason = error.what();
    return nullptr;
  }
}

class Prover {
 public:
  Prover(const steps::Program& program, const steps::Precisions& precisions,
         const runtime::Session& session, const ExportOptions& options, ExportProof& proof)
      : program_(program),
        precisions_(precisions),
        session_(session),
        options_(options),
        proof_(proof) {}

  void probes() {
    const steps::Rows rows =
        probe_rows(program_, options_.probe_rows, options_.data.seed, options_.all_double);
    judge(rows, "made-up rows");
    proof_.rows = rows.count;
  }

  void data() {
    const steps::Rows rows = read_rows(program_, options_.data, options_.all_double);
    judge(rows, "your rows");
    proof_.data_rows = rows.count;
  }

  void expected(const std::string& bytes) {
    ParityOptions how;
    how.data = options_.data;
    how.runtime = options_.runtime;
    how.batch = std::numeric_limits<std::int64_t>::max();
    how.tolerances.rel_tol = 1e-5;
    how.tolerances.min_label_agreement = 1;
    const ParityReport report = trial::parity(ModelSource(options_.expect),
                                              ModelSource(std::as_bytes(std::span(bytes))), how);
    proof_.expected_difference = report.max_abs_diff;
    if (!report.passed) fail(fmt::format("{}: {}", options_.expect.string(), report.reason));
  }

 private:
  void fail(const std::string& reason) {
    proof_.status = ExportProof::Status::failed;
    if (proof_.reason.empty()) proof_.reason = reason;
  }

  void judge(const steps::Rows& rows, const char* whose) {
    const Agreement found =
        compare(program_, precisions_, rows, session_, {options_.tolerance, options_.all_double});
    proof_.undecided_rows += found.unstable_rows;
    proof_.max_difference = std::max(proof_.max_difference, found.max_difference);
    if (found.wrong_rows == 0) return;
    fail(fmt::format("on {} of {} {} the exported model does not say what the trained one does: {}",
                     found.wrong_rows, found.rows, whose, found.first_wrong));
  }

  const steps::Program& program_;
  const steps::Precisions& precisions_;
  const runtime::Session& session_;
  const ExportOptions& options_;
  ExportProof& proof_;
};

void prove(const translate::Model& model, const steps::Precisions& precisions,
           const std::string& bytes, const ExportOptions& options, ExportReport& report) {
  ExportProof& proof = report.proof;
  if (!options.prove) {
    proof.reason = "not asked for";
    return;
  }
  const auto library = library_for(options.runtime, proof);
  if (library == nullptr) return;
  measure::report(options.progress, "prove", 0, 0);
  proof.runtime_version = runtime::describe(*library).version;
  runtime::SessionOptions how;
  how.label = report.output;
  how.threads = options.runtime.threads;
  how.control = runtime::control(options.progress, "prove", options.runtime.timeout_seconds);
  const auto session = runtime::Session::from_bytes(library, std::as_bytes(std::span(bytes)), how);
  proof.status = ExportProof::Status::passed;
  Prover prover(model.program, precisions, session, options, proof);
  prover.probes();
  const bool has_data = !options.data.files.empty() || !options.data.arrays.empty();
  if (has_data) prover.data();
  if (!options.expect.empty()) {
    if (!has_data) {
      throw Error(ErrorCode::invalid_argument,
                  "--expect needs the rows that the predictions are for: give them with --data");
    }
    prover.expected(bytes);
  }
}

// Whether trees are written as the compact operator.
bool compact_trees(const steps::Program& program, const std::string& trees, ExportReport& report) {
  if (trees != "v3" && trees != "v5") {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("--trees \"{}\" is not one of v3, v5", trees));
  }
  if (trees == "v3") return false;
  std::string why_not;
  if (can_be_compact(program, why_not)) return true;
  report.notes.push_back("its trees are not written as the compact operator: " + why_not);
  return false;
}

}  // namespace

std::string exported(const ModelSource& source, const ExportOptions& options,
                     ExportReport& report) {
  report.model = source.label();
  measure::report(options.progress, "read", 0, 0);
  const translate::Model model = read_trained(source, options);
  report.container = model.container;
  report.versions = model.versions;
  report.pipeline = model.outline;
  report.notes = model.notes;
  report.input_bytes =
      source.path() == nullptr ? source.bytes().size() : std::filesystem::file_size(*source.path());
  for (const std::string& name : model.strangers) {
    report.warnings.push_back(fmt::format(
        "the pickle names {}, which no trained model needs; do not load this file in Python",
        name));
  }
  for (const base::Port& port : ports_of(model.program, options.all_double))
    report.inputs.push_back(summary_of(port));
  report.outputs = outputs_of(model.program, options.all_double);
  const auto precisions = steps::precisions_of(model.program, options.all_double);
  EmitOptions how{options.all_double, compact_trees(model.program, options.trees, report)};
  // Read again by quantize, which says so of the INT8 model.
  if (!model.sensitivity.empty())
    how.notes.emplace_back(translate::sensitivity_note, model.sensitivity);
  measure::report(options.progress, "write", 0, 0);
  std::string bytes;
  try {
    bytes = emit(model.program, precisions, how);
  } catch (const Error& error) {
    throw Error(error.code(), fmt::format("{}: {}", report.model, error.what()));
  }
  report.output_bytes = bytes.size();
  prove(model, precisions, bytes, options, report);
  if (report.proof.status == ExportProof::Status::failed) bytes.clear();
  return bytes;
}

}  // namespace octet::exporting
