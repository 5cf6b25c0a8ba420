// A trained model of scikit-learn, XGBoost or LightGBM as ONNX: without Python, and without running
// what a pickle says.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "octet/data.hpp"
#include "octet/inspect.hpp"
#include "octet/model_source.hpp"
#include "octet/progress.hpp"
#include "octet/runtime.hpp"

namespace octet {

// How much a file may make of itself; 0: the default.
struct ReadingLimits {
  std::uint64_t max_unpacked = 0;  // bytes behind the compression
  std::uint64_t max_ratio = 0;     // unpacked for one compressed byte, above 64 MiB
  std::uint64_t max_records = 0;   // objects of a pickle
  std::uint64_t max_arrays = 0;
  std::uint64_t max_memo = 0;   // objects that a pickle may speak of again
  std::uint64_t max_depth = 0;  // lists and calls that it may open within each other
};

struct ExportOptions {
  bool all_double = false;          // inputs and computations in float64
  std::string iterations = "best";  // of a booster that stopped early: "best" or "all"
  std::string key;                  // which value of a pickled dict is the model
  // The operator of trees: "v3" (TreeEnsembleRegressor, of every runtime) or "v5" (TreeEnsemble of
  // ai.onnx.ml 5, compact; ONNX Runtime has it from 1.21 on).
  std::string trees = "v3";
  bool prove = true;
  std::uint64_t probe_rows = 500;  // that the proof makes up
  double tolerance = 1e-5;         // of the proof, relative to 1 + |reference|
  ReadingLimits limits;
  DataOptions data;              // rows that the proof also runs
  std::filesystem::path expect;  // predictions recorded for them: .npy, .npz or .csv
  RuntimeOptions runtime;
  ProgressCallback progress;
};

// The exported model's answers against those of a predictor in double precision that evaluates the
// trained model by itself. Rows that float32 cannot decide (they stand on a threshold, or cancel)
// are counted, not judged.
struct ExportProof {
  enum class Status { passed, skipped, failed };
  Status status = Status::skipped;
  std::string reason;  // when skipped or failed
  std::uint64_t rows = 0;
  std::uint64_t undecided_rows = 0;
  double max_difference = 0;                  // of numbers, relative to 1 + |reference|
  std::uint64_t data_rows = 0;                // of the user's data
  std::optional<double> expected_difference;  // from the recorded predictions
  std::string runtime_version;
};

struct ExportReport {
  std::string model;
  std::string output;
  std::string container;              // "pickle, zlib", "XGBoost JSON"
  std::vector<std::string> versions;  // "scikit-learn 1.4.2"
  std::vector<std::string> pipeline;  // the steps found, a line each; deeper ones are indented
  std::vector<ValueSummary> inputs;
  std::vector<ValueSummary> outputs;
  std::uint64_t input_bytes = 0;
  std::uint64_t output_bytes = 0;
  ExportProof proof;
  std::vector<std::string> notes;  // what ONNX cannot say, what is sensitive to rounding
  std::vector<std::string> warnings;
};

// Writes `output` whole, by rename, unless the proof failed: the report says so, and nothing is
// written. Throws Error{unsupported} for what cannot be exported, naming the step and what is
// supported; Error{invalid_model} for damage and above the limits.
ExportReport export_model(const ModelSource& model, const std::filesystem::path& output,
                          const ExportOptions& options = {});

// The same, into memory.
struct ExportedBytes {
  std::vector<std::byte> bytes;  // empty when the proof failed
  ExportReport report;
};
[[nodiscard]] ExportedBytes export_bytes(const ModelSource& model,
                                         const ExportOptions& options = {});

// Whether a file begins like a trained model, by its bytes. False for ONNX and for what is missing.
[[nodiscard]] bool is_trained_model(const std::filesystem::path& path);

[[nodiscard]] std::string to_json(const ExportReport& report);

}  // namespace octet
