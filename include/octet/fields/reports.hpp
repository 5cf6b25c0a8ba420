// The fields of results: what their JSON consists of, in its order.
#pragma once

#include <string_view>

#include "octet/bench.hpp"
#include "octet/export.hpp"
#include "octet/failure.hpp"
#include "octet/fields/field.hpp"
#include "octet/fields/plan.hpp"
#include "octet/inspect.hpp"
#include "octet/parity.hpp"
#include "octet/quantize.hpp"
#include "octet/sensitivity.hpp"
#include "octet/tune.hpp"
#include "octet/version.hpp"

namespace octet {

[[nodiscard]] constexpr std::string_view name_of(Proof::Status status) {
  constexpr std::string_view names[] = {"passed", "skipped", "loaded_only"};  // as declared
  return names[static_cast<int>(status)];
}

[[nodiscard]] constexpr std::string_view name_of(Gate::Status status) {
  constexpr std::string_view names[] = {"passed", "failed", "unknown"};  // as declared
  return names[static_cast<int>(status)];
}

[[nodiscard]] constexpr std::string_view name_of(ExportProof::Status status) {
  constexpr std::string_view names[] = {"passed", "skipped", "failed"};  // as declared
  return names[static_cast<int>(status)];
}

template <FieldsOf<ValueSummary> T, typename Visitor>
void visit_fields(T& value, Visitor&& visit) {
  visit(Field{.name = "name"}, value.name);
  visit(Field{.name = "type"}, value.type);
  visit(Field{.name = "shape"}, value.shape);
}

template <FieldsOf<WeightSummary> T, typename Visitor>
void visit_fields(T& weight, Visitor&& visit) {
  visit(Field{.name = "name"}, weight.name);
  visit(Field{.name = "type"}, weight.type);
  visit(Field{.name = "shape"}, weight.shape);
  visit(Field{.name = "bytes"}, weight.bytes);
  visit(Field{.name = "where"}, weight.where);
  visit(Field{.name = "form"}, weight.form);
  visit(Field{.name = "storage"}, weight.storage);
  visit(Field{.name = "reason"}, weight.reason);
}

template <FieldsOf<Inspection> T, typename Visitor>
void visit_fields(T& model, Visitor&& visit) {
  visit(Field{.name = "model"}, model.model);
  visit(Field{.name = "ir_version"}, model.ir_version);
  visit(Field{.name = "producer"}, model.producer);
  visit(Field{.name = "opsets"}, model.opsets);
  visit(Field{.name = "file_bytes"}, model.file_bytes);
  visit(Field{.name = "inputs"}, model.inputs);
  visit(Field{.name = "outputs"}, model.outputs);
  visit(Field{.name = "operators"}, model.operators);
  visit(Field{.name = "weights"}, model.weights);
  visit(Field{.name = "plan"}, model.plan);
}

template <FieldsOf<LayerSensitivity> T, typename Visitor>
void visit_fields(T& layer, Visitor&& visit) {
  visit(Field{.name = "nodes"}, layer.nodes);
  visit(Field{.name = "op"}, layer.op);
  visit(Field{.name = "form"}, layer.form);
  visit(Field{.name = "bytes_saved"}, layer.bytes_saved);
  visit(Field{.name = "error"}, layer.error);
  visit(Field{.name = "max_abs_diff"}, layer.max_abs_diff);
  visit(Field{.name = "weight_error"}, layer.weight_error);
  visit(Field{.name = "error_left"}, layer.error_left);
  visit(Field{.name = "estimated"}, layer.estimated);
  visit(Field{.name = "cause"}, layer.cause);
  visit(Field{.name = "outlier_columns"}, layer.outlier_columns);
}

template <FieldsOf<SensitivityReport> T, typename Visitor>
void visit_fields(T& report, Visitor&& visit) {
  visit(Field{.name = "model"}, report.model);
  visit(Field{.name = "data"}, report.data);
  visit(Field{.name = "made_up"}, report.made_up);
  visit(Field{.name = "rows"}, report.rows);
  visit(Field{.name = "layers"}, report.layers);
  visit(Field{.name = "error"}, report.error);
  visit(Field{.name = "max_abs_diff"}, report.max_abs_diff);
  visit(Field{.name = "passed"}, report.passed);
  visit(Field{.name = "reason"}, report.reason);
  visit(Field{.name = "keep_float"}, report.keep_float);
  visit(Field{.name = "max_abs_diff_left"}, report.max_abs_diff_left);
  visit(Field{.name = "complete"}, report.complete);
  visit(Field{.name = "tried"}, report.tried);
  visit(Field{.name = "seconds"}, report.seconds);
  visit(Field{.name = "runtime_version"}, report.runtime_version);
  visit(Field{.name = "warnings"}, report.warnings);
}

template <FieldsOf<TunePoint> T, typename Visitor>
void visit_fields(T& point, Visitor&& visit) {
  visit(Field{.name = "plan"}, point.plan);
  visit(Field{.name = "bytes"}, point.bytes);
  visit(Field{.name = "ratio"}, point.ratio);
  visit(Field{.name = "ratio_low"}, point.ratio_low);
  visit(Field{.name = "ratio_high"}, point.ratio_high);
  visit(Field{.name = "error"}, point.error);
  visit(Field{.name = "max_abs_diff"}, point.max_abs_diff);
  visit(Field{.name = "computed"}, point.computed);
  visit(Field{.name = "stored"}, point.stored);
  visit(Field{.name = "chosen"}, point.chosen);
}

template <FieldsOf<TuneReport> T, typename Visitor>
void visit_fields(T& report, Visitor&& visit) {
  visit(Field{.name = "model"}, report.model);
  visit(Field{.name = "output"}, report.output);
  visit(Field{.name = "data_file"}, report.data_file);
  visit(Field{.name = "data"}, report.data);
  visit(Field{.name = "made_up"}, report.made_up);
  visit(Field{.name = "rows"}, report.rows);
  visit(Field{.name = "objective"}, report.objective);
  visit(Field{.name = "written"}, report.written);
  visit(Field{.name = "detail"}, report.detail);
  visit(Field{.name = "float_us"}, report.float_us);
  visit(Field{.name = "pareto"}, report.pareto);
  visit(Field{.name = "parts"}, report.parts);
  visit(Field{.name = "tried"}, report.tried);
  visit(Field{.name = "remembered"}, report.remembered);
  visit(Field{.name = "crashed"}, report.crashed);
  visit(Field{.name = "nodes_measured"}, report.nodes_measured);
  visit(Field{.name = "nodes_remembered"}, report.nodes_remembered);
  visit(Field{.name = "complete"}, report.complete);
  visit(Field{.name = "seconds"}, report.seconds);
  visit(Field{.name = "runtime_version"}, report.runtime_version);
  visit(Field{.name = "warnings"}, report.warnings);
  visit(Field{.name = "plan"}, report.plan);
}

template <FieldsOf<Proof> T, typename Visitor>
void visit_fields(T& proof, Visitor&& visit) {
  visit(Field{.name = "status"}, proof.status);
  visit(Field{.name = "detail"}, proof.detail);
  visit(Field{.name = "runtime_version"}, proof.runtime_version);
  visit(Field{.name = "max_abs_diff", .left_out = true}, proof.max_abs_diff);
}

template <FieldsOf<OutputParity> T, typename Visitor>
void visit_fields(T& output, Visitor&& visit) {
  visit(Field{.name = "name"}, output.name);
  visit(Field{.name = "type"}, output.type);
  visit(Field{.name = "shape"}, output.shape);
  visit(Field{.name = "elements"}, output.elements);
  visit(Field{.name = "max_abs_diff"}, output.max_abs_diff);
  visit(Field{.name = "mean_abs_diff"}, output.mean_abs_diff);
  visit(Field{.name = "rmse"}, output.rmse);
  visit(Field{.name = "cosine_similarity"}, output.cosine_similarity);
  visit(Field{.name = "sqnr_db"}, output.sqnr_db);
  visit(Field{.name = "label_agreement"}, output.label_agreement);
  visit(Field{.name = "clear_agreement"}, output.clear_agreement);
  visit(Field{.name = "top5_agreement"}, output.top5_agreement);
  visit(Field{.name = "reference_rms"}, output.reference_rms);
  visit(Field{.name = "reference_max_abs"}, output.reference_max_abs);
  visit(Field{.name = "rule"}, output.rule);
  visit(Field{.name = "failure"}, output.failure);
  visit(Field{.name = "problem"}, output.problem);
  visit(Field{.name = "not_compared"}, output.not_compared);
  visit(Field{.name = "allowed_max_abs_diff"}, output.allowed_max_abs_diff);
  visit(Field{.name = "allowed_mean_abs_diff"}, output.allowed_mean_abs_diff);
  visit(Field{.name = "allowed_rmse"}, output.allowed_rmse);
  visit(Field{.name = "own_noise"}, output.own_noise);
  visit(Field{.name = "worst_row"}, output.worst_row);
  visit(Field{.name = "worst_call"}, output.worst_call);
  visit(Field{.name = "worst_input_row"}, output.worst_input_row);
  visit(Field{.name = "worst_reference"}, output.worst_reference);
  visit(Field{.name = "worst_candidate"}, output.worst_candidate);
  visit(Field{.name = "passed"}, output.passed);
}

template <FieldsOf<FileRecord> T, typename Visitor>
void visit_fields(T& file, Visitor&& visit) {
  visit(Field{.name = "role"}, file.role);
  visit(Field{.name = "path"}, file.path);
  visit(Field{.name = "bytes"}, file.bytes);
  visit(Field{.name = "sha256"}, file.sha256);
}

template <FieldsOf<RowColumn> T, typename Visitor>
void visit_fields(T& column, Visitor&& visit) {
  visit(Field{.name = "name"}, column.name);
  visit(Field{.name = "value"}, column.value);
  visit(Field{.name = "mean"}, column.mean);
  visit(Field{.name = "deviation"}, column.deviation);
  visit(Field{.name = "remark", .left_out = true}, column.remark);
}

template <FieldsOf<ParityReport> T, typename Visitor>
void visit_fields(T& report, Visitor&& visit) {
  visit(Field{.name = "reference"}, report.reference);
  visit(Field{.name = "candidate"}, report.candidate);
  visit(Field{.name = "data"}, report.data);
  visit(Field{.name = "made_up"}, report.made_up);
  visit(Field{.name = "rows"}, report.rows);
  visit(Field{.name = "batch"}, report.batch);
  visit(Field{.name = "batch_coupling"}, report.batch_coupling);
  visit(Field{.name = "batch_coupling_rows"}, report.batch_coupling_rows);
  visit(Field{.name = "abs_tol"}, report.abs_tol);
  visit(Field{.name = "mean_tol"}, report.mean_tol);
  visit(Field{.name = "max_abs_diff"}, report.max_abs_diff);
  visit(Field{.name = "mean_abs_diff"}, report.mean_abs_diff);
  visit(Field{.name = "label_agreement"}, report.label_agreement);
  visit(Field{.name = "required_abs_tol"}, report.required_abs_tol);
  visit(Field{.name = "required_mean_tol"}, report.required_mean_tol);
  visit(Field{.name = "verdict"}, report.verdict);
  visit(Field{.name = "reason"}, report.reason);
  visit(Field{.name = "passed"}, report.passed);
  visit(Field{.name = "outputs"}, report.outputs);
  visit(Field{.name = "worst_columns", .left_out = true}, report.worst_columns);
  visit(Field{.name = "tolerances"}, report.tolerances);
  visit(Field{.name = "dims"}, report.dims);
  visit(Field{.name = "seed"}, report.seed);
  visit(Field{.name = "threads"}, report.threads);
  visit(Field{.name = "files", .left_out = true}, report.files);
  visit(Field{.name = "date", .left_out = true}, report.date);
  visit(Field{.name = "warnings"}, report.warnings);
  visit(Field{.name = "next_step"}, report.next_step);
  visit(Field{.name = "runtime_version"}, report.runtime_version);
}

template <FieldsOf<Speed> T, typename Visitor>
void visit_fields(T& speed, Visitor&& visit) {
  visit(Field{.name = "rows"}, speed.rows);
  visit(Field{.name = "ratio"}, speed.ratio);
  visit(Field{.name = "ratio_low"}, speed.ratio_low);
  visit(Field{.name = "ratio_high"}, speed.ratio_high);
  visit(Field{.name = "verdict"}, speed.verdict);
}

template <FieldsOf<Gate> T, typename Visitor>
void visit_fields(T& gate, Visitor&& visit) {
  visit(Field{.name = "status"}, gate.status);
  visit(Field{.name = "detail"}, gate.detail);
  visit(Field{.name = "repaired"}, gate.repaired);
  visit(Field{.name = "speed"}, gate.speed);
  visit(Field{.name = "taken_back"}, gate.taken_back);
  visit(Field{.name = "tried"}, gate.tried);
  visit(Field{.name = "parity"}, gate.parity);
}

template <FieldsOf<WeightAccount> T, typename Visitor>
void visit_fields(T& weight, Visitor&& visit) {
  visit(Field{.name = "name"}, weight.name);
  visit(Field{.name = "scope"}, weight.scope);
  visit(Field{.name = "type"}, weight.type);
  visit(Field{.name = "shape"}, weight.shape);
  visit(Field{.name = "bytes"}, weight.bytes);
  visit(Field{.name = "bytes_after"}, weight.bytes_after);
  visit(Field{.name = "form"}, weight.form);
  visit(Field{.name = "storage"}, weight.storage);
  visit(Field{.name = "reason"}, weight.reason);
}

template <FieldsOf<QuantizeReport> T, typename Visitor>
void visit_fields(T& report, Visitor&& visit) {
  visit(Field{.name = "input"}, report.input);
  visit(Field{.name = "output"}, report.output);
  visit(Field{.name = "data_file"}, report.data_file);
  visit(Field{.name = "written"}, report.written);
  visit(Field{.name = "unchanged"}, report.unchanged);
  visit(Field{.name = "detail"}, report.detail);
  visit(Field{.name = "bytes_before"}, report.bytes_before);
  visit(Field{.name = "bytes_after"}, report.bytes_after);
  visit(Field{.name = "weight_bytes_before"}, report.weight_bytes_before);
  visit(Field{.name = "weight_bytes_after"}, report.weight_bytes_after);
  visit(Field{.name = "weights"}, report.weights);
  visit(Field{.name = "small_weight_bytes"}, report.small_weight_bytes);
  visit(Field{.name = "int8_share"}, report.int8_share);
  visit(Field{.name = "shortfall"}, report.shortfall);
  visit(Field{.name = "seconds"}, report.seconds);
  visit(Field{.name = "subnormal_weights"}, report.subnormal_weights);
  visit(Field{.name = "flushed"}, report.flushed);
  visit(Field{.name = "gate_seconds"}, report.gate_seconds);
  visit(Field{.name = "gate"}, report.gate);
  visit(Field{.name = "proof_seconds"}, report.proof_seconds);
  visit(Field{.name = "proof"}, report.proof);
  visit(Field{.name = "warnings"}, report.warnings);
  visit(Field{.name = "plan"}, report.plan);
}

template <FieldsOf<ModelCost> T, typename Visitor>
void visit_fields(T& cost, Visitor&& visit) {
  visit(Field{.name = "model"}, cost.model);
  visit(Field{.name = "file_bytes"}, cost.file_bytes);
  visit(Field{.name = "load_ms"}, cost.load_ms);
  visit(Field{.name = "peak_memory_bytes"}, cost.peak_memory_bytes);
}

template <FieldsOf<LatencySummary> T, typename Visitor>
void visit_fields(T& latency, Visitor&& visit) {
  visit(Field{.name = "runs"}, latency.runs);
  visit(Field{.name = "calls_per_sample"}, latency.calls_per_sample);
  visit(Field{.name = "p50_us"}, latency.p50_us);
  visit(Field{.name = "p90_us"}, latency.p90_us);
  visit(Field{.name = "p99_us"}, latency.p99_us);
  visit(Field{.name = "min_us"}, latency.min_us);
  visit(Field{.name = "mean_us"}, latency.mean_us);
  visit(Field{.name = "throughput_per_s"}, latency.throughput_per_s);
  visit(Field{.name = "samples_us"}, latency.samples_us);
}

template <FieldsOf<BatchComparison> T, typename Visitor>
void visit_fields(T& batch, Visitor&& visit) {
  visit(Field{.name = "batch"}, batch.batch);
  visit(Field{.name = "ratio"}, batch.ratio);
  visit(Field{.name = "ratio_low"}, batch.ratio_low);
  visit(Field{.name = "ratio_high"}, batch.ratio_high);
  visit(Field{.name = "control_ratio"}, batch.control_ratio);
  visit(Field{.name = "control_low"}, batch.control_low);
  visit(Field{.name = "control_high"}, batch.control_high);
  visit(Field{.name = "verdict"}, batch.verdict);
  visit(Field{.name = "baseline"}, batch.baseline);
  visit(Field{.name = "candidate"}, batch.candidate);
}

template <FieldsOf<BenchReport> T, typename Visitor>
void visit_fields(T& report, Visitor&& visit) {
  visit(Field{.name = "verdict"}, report.verdict);
  visit(Field{.name = "max_abs_diff"}, report.max_abs_diff);
  visit(Field{.name = "baseline"}, report.baseline);
  visit(Field{.name = "candidate"}, report.candidate);
  visit(Field{.name = "batches"}, report.batches);
  visit(Field{.name = "subnormal_weights"}, report.subnormal_weights);
  visit(Field{.name = "flushed_ratio"}, report.flushed_ratio);
  visit(Field{.name = "data"}, report.data);
  visit(Field{.name = "cpu"}, report.cpu);
  visit(Field{.name = "threads"}, report.threads);
  visit(Field{.name = "runtime_version"}, report.runtime_version);
  visit(Field{.name = "warnings"}, report.warnings);
}

template <FieldsOf<Failure> T, typename Visitor>
void visit_fields(T& failure, Visitor&& visit) {
  visit(Field{.name = "code"}, failure.code);
  visit(Field{.name = "message"}, failure.message);
  visit(Field{.name = "exit_code"}, failure.exit_code);
}

template <FieldsOf<RuntimeInfo> T, typename Visitor>
void visit_fields(T& runtime, Visitor&& visit) {
  visit(Field{.name = "available"}, runtime.available);
  visit(Field{.name = "library"}, runtime.library);
  visit(Field{.name = "version"}, runtime.version);
  visit(Field{.name = "api_version"}, runtime.api_version);
  visit(Field{.name = "problem"}, runtime.problem);
}

template <FieldsOf<VersionInfo> T, typename Visitor>
void visit_fields(T& info, Visitor&& visit) {
  visit(Field{.name = "version"}, info.version);
  visit(Field{.name = "commit"}, info.commit);
  visit(Field{.name = "build"}, info.build);
  visit(Field{.name = "cpu_model"}, info.cpu_model);
  visit(Field{.name = "cpu_arch"}, info.cpu_arch);
  visit(Field{.name = "cpu_features"}, info.cpu_features);
  visit(Field{.name = "cpu_target"}, info.cpu_target);
  visit(Field{.name = "cpu_saturates"}, info.cpu_saturates);
  visit(Field{.name = "kernels"}, info.kernels);
  visit(Field{.name = "runtime"}, info.runtime);
}

template <FieldsOf<ExportProof> T, typename Visitor>
void visit_fields(T& proof, Visitor&& visit) {
  visit(Field{.name = "status"}, proof.status);
  visit(Field{.name = "reason"}, proof.reason);
  visit(Field{.name = "rows"}, proof.rows);
  visit(Field{.name = "undecided_rows"}, proof.undecided_rows);
  visit(Field{.name = "max_difference"}, proof.max_difference);
  visit(Field{.name = "data_rows"}, proof.data_rows);
  visit(Field{.name = "expected_difference"}, proof.expected_difference);
  visit(Field{.name = "runtime_version"}, proof.runtime_version);
}

template <FieldsOf<ExportReport> T, typename Visitor>
void visit_fields(T& report, Visitor&& visit) {
  visit(Field{.name = "model"}, report.model);
  visit(Field{.name = "output"}, report.output);
  visit(Field{.name = "container"}, report.container);
  visit(Field{.name = "versions"}, report.versions);
  visit(Field{.name = "pipeline"}, report.pipeline);
  visit(Field{.name = "inputs"}, report.inputs);
  visit(Field{.name = "outputs"}, report.outputs);
  visit(Field{.name = "input_bytes"}, report.input_bytes);
  visit(Field{.name = "output_bytes"}, report.output_bytes);
  visit(Field{.name = "proof"}, report.proof);
  visit(Field{.name = "notes"}, report.notes);
  visit(Field{.name = "warnings"}, report.warnings);
}

}  // namespace octet
