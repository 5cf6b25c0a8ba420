// The fields of options: adding an option of the program is a line here, beside the field itself.
#pragma once

#include "octet/bench.hpp"
#include "octet/data.hpp"
#include "octet/export.hpp"
#include "octet/fields/field.hpp"
#include "octet/parity.hpp"
#include "octet/predict.hpp"
#include "octet/quantize.hpp"
#include "octet/runtime.hpp"
#include "octet/sensitivity.hpp"
#include "octet/tolerances.hpp"
#include "octet/tune.hpp"

namespace octet {

template <FieldsOf<DataOptions> T, typename Visitor>
void visit_fields(T& data, Visitor&& visit) {
  visit(Field{.name = "files",
              .help = "Inputs: .npy, .npz, .csv, or a folder with test data sets; one .npy for "
                      "each input of the model. Without: seeded inputs that suit the model",
              .argument = "FILE",
              .option = "--data"},
        data.files);
  visit(Field{.name = "dims",
              .help = "Size of a dynamic dimension, by its name: --dim seq=64",
              .argument = "NAME=N",
              .option = "--dim"},
        data.dims);
  visit(Field{.name = "seed", .help = "Of the seeded inputs"}, data.seed);
  visit(Field{.name = "arrays"}, data.arrays);  // of the library only
}

template <FieldsOf<RuntimeOptions> T, typename Visitor>
void visit_fields(T& runtime, Visitor&& visit) {
  visit(Field{.name = "library",
              .help = "ONNX Runtime library to use (else $OCTET_ORT, the system's, the build's)",
              .argument = "PATH",
              .option = "--ort"},
        runtime.library);
  visit(Field{.name = "environment_library"}, runtime.environment_library);
  visit(Field{.name = "fallbacks"}, runtime.fallbacks);
  visit(Field{.name = "threads", .help = "Threads of ONNX Runtime; 0: its own choice"},
        runtime.threads);
  visit(Field{.name = "timeout_seconds"}, runtime.timeout_seconds);  // by hand: cli/limits.cpp
}

template <FieldsOf<Tolerances> T, typename Visitor>
void visit_fields(T& tolerances, Visitor&& visit) {
  visit(
      Field{.name = "abs_tol", .help = "Largest difference allowed", .option = "--abs-tol,--atol"},
      tolerances.abs_tol);
  visit(Field{.name = "mean_tol", .help = "Largest mean difference allowed"}, tolerances.mean_tol);
  visit(Field{.name = "rel_tol",
              .help = "Largest error allowed, as a share of the reference's size (L2)",
              .option = "--rel-tol,--rtol"},
        tolerances.rel_tol);
  visit(Field{.name = "min_cosine", .help = "Smallest cosine allowed"}, tolerances.min_cosine);
  visit(Field{.name = "min_sqnr_db",
              .help = "Smallest ratio of signal to error allowed, in dB",
              .option = "--min-sqnr"},
        tolerances.min_sqnr_db);
  visit(Field{.name = "min_label_agreement",
              .help = "Smallest share of equal elements of integer, boolean and string outputs, "
                      "and of clear argmaxes, 0 to 1",
              .option = "--min-label-agreement,--min-agreement"},
        tolerances.min_label_agreement);
}

template <FieldsOf<PlanOptions> T, typename Visitor>
void visit_fields(T& options, Visitor&& visit) {
  visit(Field{.name = "include",
              .help = "Only these nodes: a name, a glob, /regex/ or op:Type; repeatable",
              .argument = "SELECTOR"},
        options.include);
  visit(Field{.name = "exclude",
              .help = "Not these nodes (same selectors, or @FILE with one a line); repeatable",
              .argument = "SELECTOR",
              .option = "--exclude,--keep-float"},
        options.exclude);
  visit(Field{.name = "weight_only",
              .help = "These stay float operators; only their weights are stored in INT8",
              .argument = "SELECTOR"},
        options.weight_only);
  visit(Field{.name = "float16",
              .help = "These stay float operators; their weights are stored in float16",
              .argument = "SELECTOR"},
        options.float16);
  visit(Field{.name = "op_types",
              .help = "Only these operators: --op-types MatMul,Gemm",
              .argument = "OP,…"},
        options.op_types);
  visit(Field{.name = "target",
              .help = "CPUs the model is for; portable means all, native this one",
              .values = "portable,native,avx2,avx512,avx512_vnni,amx_int8,neon_dotprod,neon_i8mm"},
        options.target);
  visit(Field{.name = "costs",
              .help = "A measured table of costs instead of the target's (docs/costs.md)",
              .argument = "FILE"},
        options.costs);
  visit(Field{.name = "for_runtime",
              .help = "Avoid the known faults of this version of ONNX Runtime: 1.22.1",
              .argument = "VERSION"},
        options.for_runtime);
  visit(Field{.name = "ops",
              .help = "contrib: ONNX Runtime's DynamicQuantizeMatMul; standard: only ai.onnx "
                      "operators",
              .values = "contrib,standard"},
        options.ops);
  visit(Field{.name = "weight_type",
              .help = "Of weights computed with; uint8 is slower on most CPUs",
              .values = "int8,uint8"},
        options.weight_type);
  visit(Field{.name = "storage",
              .help = "How weights that are not computed with are stored",
              .values = "int8,float16,float32"},
        options.storage);
  visit(Field{.name = "reduce_range",
              .help = "7-bit weights. Not needed: the weights are chosen so that no CPU can "
                      "saturate"},
        options.reduce_range);
  visit(
      Field{
          .name = "per_channel", .help = "One scale for a whole weight", .option = "--per-tensor"},
      options.per_channel);
}

template <FieldsOf<QuantizeOptions> T, typename Visitor>
void visit_fields(T& options, Visitor&& visit) {
  visit(Field{.name = "planning"}, options.planning);
  visit(Field{.name = "plan"}, options.plan);  // by hand: the option takes a file
  visit(Field{.name = "dry_run", .help = "Decide and size everything, write nothing"},
        options.dry_run);
  visit(Field{.name = "external_data",
              .help = "Weights into a file of their own beside the model (automatic above 2 GB)"},
        options.external_data);
  visit(Field{.name = "allow_unchanged", .help = "Copy a model that has nothing to quantize"},
        options.allow_unchanged);
  visit(Field{.name = "strict",
              .help = "Exit code 1 when a weight of 1 KiB or more that could be INT8 is not"},
        options.strict);
  visit(Field{.name = "require_share",
              .help = "Exit code 1 when a smaller share of the weights' bytes is INT8, 0 to 1",
              .argument = "SHARE"},
        options.require_share);
  visit(Field{.name = "prove",
              .help = "Do not load and run the result; no gate either",
              .option = "--no-proof"},
        options.prove);
  visit(Field{.name = "require_proof",
              .help = "Exit code 1, and nothing written, where the result could not be run"},
        options.require_proof);
  visit(Field{.name = "gate",
              .help = "Do not hold the answers against the float model's, and mend nothing",
              .option = "--no-gate"},
        options.gate);
  visit(Field{.name = "keep_best",
              .help = "Write the best result found even if its answers differ too much"},
        options.keep_best);
  visit(Field{.name = "flush_subnormals",
              .help = "Leave subnormal weights as they are, however slow",
              .option = "--keep-subnormals"},
        options.flush_subnormals);
  visit(Field{.name = "repair_seconds",
              .help = "Time for mending a plan whose answers differ too much",
              .argument = "SECONDS"},
        options.repair_seconds);
  visit(Field{.name = "speed_seconds",
              .help = "Time for measuring that the result is not slower; 0: not measured",
              .argument = "SECONDS"},
        options.speed_seconds);
  visit(Field{.name = "tolerances"}, options.tolerances);
  visit(Field{.name = "threads",
              .help = "Threads to quantize with; 0: all. Never changes the result"},
        options.threads);
  visit(Field{.name = "save_plan"}, options.save_plan);  // by hand: it stands beside --plan
  visit(Field{.name = "data"}, options.data);
  visit(Field{.name = "runtime"}, options.runtime);
}

template <FieldsOf<SensitivityOptions> T, typename Visitor>
void visit_fields(T& options, Visitor&& visit) {
  visit(Field{.name = "planning"}, options.planning);
  visit(Field{.name = "plan"}, options.plan);  // by hand: the option takes a file
  visit(Field{.name = "tolerances"}, options.tolerances);
  visit(Field{.name = "seconds",
              .help = "Time for measuring; what is not reached is estimated",
              .argument = "SECONDS"},
        options.seconds);
  visit(Field{.name = "data"}, options.data);
  visit(Field{.name = "threads"}, options.threads);
  visit(Field{.name = "runtime"}, options.runtime);
}

template <FieldsOf<TuneOptions> T, typename Visitor>
void visit_fields(T& options, Visitor&& visit) {
  visit(Field{.name = "planning"}, options.planning);
  visit(Field{.name = "objective",
              .help = "What is to be least, among plans whose answers hold and that are not slower",
              .values = "latency,size,error"},
        options.objective);
  visit(Field{.name = "max_size",
              .help = "Bytes the model may have, like 12MB; 0: any number",
              .argument = "BYTES"},
        options.max_size);
  visit(Field{.name = "time_budget", .help = "Time for the search", .argument = "SECONDS"},
        options.time_budget);
  visit(Field{.name = "speed_seconds",
              .help = "Time for each timing of a plan beside the float model; 0: nothing is timed",
              .argument = "SECONDS"},
        options.speed_seconds);
  visit(Field{.name = "journal"}, options.journal);  // by hand: there is a default
  visit(Field{.name = "resume", .help = "Go on with what the journal knows"}, options.resume);
  visit(Field{.name = "cache"}, options.cache);          // by hand: the user's cache folder
  visit(Field{.name = "save_plan"}, options.save_plan);  // by hand: there is a default
  visit(Field{.name = "external_data",
              .help = "Weights into a file of their own beside the model (automatic above 2 GB)"},
        options.external_data);
  visit(Field{.name = "tolerances"}, options.tolerances);
  visit(Field{.name = "threads"}, options.threads);
  visit(Field{.name = "data"}, options.data);
  visit(Field{.name = "runtime"}, options.runtime);
}

template <FieldsOf<ParityOptions> T, typename Visitor>
void visit_fields(T& options, Visitor&& visit) {
  visit(Field{.name = "tolerances"}, options.tolerances);
  // Without help: the program adds it apart from the tolerances.
  visit(Field{.name = "batch"}, options.batch);
  visit(Field{.name = "data"}, options.data);
  visit(Field{.name = "runtime"}, options.runtime);
}

template <FieldsOf<PredictOptions> T, typename Visitor>
void visit_fields(T& options, Visitor&& visit) {
  visit(Field{.name = "data"}, options.data);
  visit(Field{.name = "batch",
              .help = "Rows in one call; 0: all of them, or as many as the model fixes",
              .argument = "N"},
        options.batch);
  visit(Field{.name = "runtime"}, options.runtime);
}

template <FieldsOf<BenchOptions> T, typename Visitor>
void visit_fields(T& options, Visitor&& visit) {
  visit(Field{.name = "batches",
              .help = "Batch sizes to measure",
              .argument = "N,…",
              .option = "--batch"},
        options.batches);
  visit(Field{.name = "seconds", .help = "Measuring time for each batch size"}, options.seconds);
  visit(Field{.name = "min_runs", .help = "Samples of each model at least"}, options.min_runs);
  visit(Field{.name = "warmup_seconds", .help = "Seconds of warming up", .option = "--warmup"},
        options.warmup_seconds);
  visit(Field{.name = "data"}, options.data);
  visit(Field{.name = "runtime"}, options.runtime);
}

template <FieldsOf<ReadingLimits> T, typename Visitor>
void visit_fields(T& limits, Visitor&& visit) {
  visit(Field{.name = "max_unpacked",
              .help = "Bytes that a compressed file may unpack to; 0: 8 GB",
              .argument = "BYTES"},
        limits.max_unpacked);
  visit(Field{.name = "max_ratio",
              .help = "Bytes that one compressed byte may become, above 64 MB; 0: 200",
              .argument = "N"},
        limits.max_ratio);
  visit(Field{.name = "max_records",
              .help = "Objects that a pickle may hold; 0: 64 million",
              .argument = "N"},
        limits.max_records);
  visit(Field{.name = "max_arrays",
              .help = "Arrays that a pickle may hold; 0: 4 million",
              .argument = "N"},
        limits.max_arrays);
  visit(Field{.name = "max_memo",
              .help = "Objects that a pickle may speak of again; 0: 16 million",
              .argument = "N"},
        limits.max_memo);
  visit(Field{.name = "max_depth",
              .help = "Lists and calls that a pickle may open within each other; 0: 100000",
              .argument = "N"},
        limits.max_depth);
}

template <FieldsOf<ExportOptions> T, typename Visitor>
void visit_fields(T& options, Visitor&& visit) {
  visit(
      Field{
          .name = "all_double", .help = "Inputs and computations in float64", .option = "--double"},
      options.all_double);
  visit(Field{.name = "iterations",
              .help = "Of a booster that stopped early: its best iterations, or all",
              .values = "best,all"},
        options.iterations);
  visit(Field{.name = "key",
              .help = "The model among the values of a pickled dict",
              .argument = "NAME"},
        options.key);
  visit(
      Field{.name = "trees",
            .help = "The operator of trees: TreeEnsembleRegressor, or the compact TreeEnsemble of "
                    "ai.onnx.ml 5 (ONNX Runtime 1.21 and later)",
            .values = "v3,v5"},
      options.trees);
  visit(Field{.name = "prove",
              .help = "Write without running the model against the built-in predictor",
              .option = "--no-proof"},
        options.prove);
  visit(Field{.name = "probe_rows",
              .help =
                  "Rows that the proof makes up: on thresholds and beside them, missing, far away",
              .argument = "N"},
        options.probe_rows);
  visit(Field{.name = "tolerance",
              .help = "Largest difference from the predictor, relative to 1 + |value|"},
        options.tolerance);
  visit(Field{.name = "limits"}, options.limits);
  visit(Field{.name = "data"}, options.data);
  visit(Field{.name = "expect",
              .help = "Predictions recorded for --data (.npy, .npz, .csv), which must be the "
                      "exported model's too",
              .argument = "FILE"},
        options.expect);
  visit(Field{.name = "runtime"}, options.runtime);
}

}  // namespace octet
