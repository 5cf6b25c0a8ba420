// Latency, throughput, load time, size and memory of two models, side by side, in one interleaved
// run.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "octet/data.hpp"
#include "octet/model_source.hpp"
#include "octet/progress.hpp"
#include "octet/runtime.hpp"

namespace octet {

struct BenchOptions {
  std::vector<std::int64_t> batches = {
      1};                       // sizes of the batch dimension, where the model has a dynamic one
  double seconds = 3;           // measuring time per batch size, both models together
  std::uint64_t min_runs = 20;  // samples of each model, whatever the time
  double warmup_seconds = 0.3;
  DataOptions data;
  RuntimeOptions runtime;
  // Peak memory of one model on one feed (in DataOptions::arrays, in the order of the model's
  // inputs), measured in a process of its own (the program runs itself for that). Empty: it is
  // measured in this process, one model after the other, which is less exact; a warning says so.
  std::function<std::uint64_t(const ModelSource&, const DataOptions&)> peak_memory;
  ProgressCallback progress;
};

struct LatencySummary {
  std::uint64_t runs = 0;  // calls of the model
  std::uint64_t calls_per_sample =
      1;  // a call too short to be timed alone is repeated; a sample is then their mean
  double p50_us = 0, p90_us = 0, p99_us = 0, min_us = 0, mean_us = 0;
  double throughput_per_s = 0;  // batch rows per second at the median
  std::vector<double> samples_us;
};

struct ModelCost {
  std::string model;
  std::uint64_t file_bytes = 0;  // external data included
  double load_ms = 0;            // median of several session creations
  std::uint64_t peak_memory_bytes =
      0;  // growth of the peak resident set over loading and running, in a process of its own
};

struct BatchComparison {
  std::int64_t batch = 1;
  LatencySummary baseline, candidate;
  // candidate time / baseline time: below 1 the candidate is faster. Median over the rounds (A B B
  // A) of the round's ratio, with a 95 % bootstrap confidence interval. docs/numerics.md, "Bench
  // statistics".
  double ratio = 1, ratio_low = 1, ratio_high = 1;
  // The baseline, loaded once more, beside itself in the same rounds: what no difference looks
  // like.
  double control_ratio = 1, control_low = 1, control_high = 1;
  // "faster", "slower", "no difference"; "cannot tell" where the medians contradict the ratio, or
  // the control differs by no small part of what the candidate does.
  std::string verdict;
};

struct BenchReport {
  ModelCost baseline, candidate;
  std::vector<BatchComparison> batches;
  std::string verdict;  // "slower" when any batch is, else "cannot tell" …, else "faster" …, else
                        // "no difference"
  double max_abs_diff =
      0;  // between the models' outputs on the measured inputs: every benchmark checks its answer
  std::uint64_t subnormal_weights = 0;  // of the baseline
  // With these taken for zero by ONNX Runtime, the time of the baseline / its own: what a candidate
  // without them gains without any INT8. nullopt: it has none.
  std::optional<double> flushed_ratio;
  std::string data;
  std::string cpu;
  unsigned threads = 1;
  std::string runtime_version;
  std::vector<std::string> warnings;  // noisy machine, fixed batch, outputs that differ, …
};

// Both models get the same inputs; their outputs must agree in name, type and shape, else
// Error{invalid_data}.
[[nodiscard]] BenchReport bench(const ModelSource& baseline, const ModelSource& candidate,
                                const BenchOptions& options = {});

// Growth of this process's peak resident set over loading the model and running it once on the
// first row of the data: for BenchOptions::peak_memory, called as the first thing of a fresh
// process. Reading the data counts, so give no more than one feed.
[[nodiscard]] std::uint64_t peak_memory(const ModelSource& model, const DataOptions& data,
                                        const RuntimeOptions& runtime);

// The report as one JSON object: the fields of BenchReport by name, every sample included.
[[nodiscard]] std::string to_json(const BenchReport& report);

}  // namespace octet
