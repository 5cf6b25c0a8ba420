// The best INT8 model within limits: a search over plans, each run before it is believed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "octet/data.hpp"
#include "octet/model_source.hpp"
#include "octet/plan.hpp"
#include "octet/progress.hpp"
#include "octet/quantize.hpp"
#include "octet/runtime.hpp"
#include "octet/tolerances.hpp"

namespace octet {

struct TuneOptions {
  PlanOptions planning;  // what may be done; what is done is for the search to say
  // What is to be least: latency | size | error. Answers pass under `tolerances`, and no model
  // slower than the float one is taken, whatever the objective.
  std::string objective = "latency";
  std::uint64_t max_size = 0;  // bytes of the model; 0: any. objective error needs it
  Tolerances tolerances;
  double time_budget = 300;    // seconds; a plan that is being run is run to its end
  double speed_seconds = 0.4;  // for timing a plan beside the float model; 0: nothing is timed, and
                               // the costs of docs/costs.md decide
  std::filesystem::path journal;    // what was learned, a line a plan; empty: nowhere
  bool resume = false;              // go on with what the journal knows
  std::filesystem::path cache;      // folder for the times of single nodes; empty: none
  std::filesystem::path save_plan;  // the best plan so far, from the first one on; empty: nowhere
  bool external_data = false;
  DataOptions data;
  unsigned threads = 0;  // to make candidates with; never changes the result
  RuntimeOptions runtime;
  ProgressCallback progress;
};

// A plan that was run, or the float model.
struct TunePoint {
  std::string plan;         // a name for what it does, as in the journal; "float": the float model
  std::uint64_t bytes = 0;  // of the model
  // Time / time of the float model beside it, with a 95 % confidence interval; of a call of one row
  // and one of 32, where there are both, the worse. nullopt: not timed.
  std::optional<double> ratio, ratio_low, ratio_high;
  double error = 0;  // noise-to-signal ratio of the worst output, as in SensitivityReport
  double max_abs_diff = 0;
  std::uint64_t computed = 0;  // nodes computed in INT8
  std::uint64_t stored = 0;    // nodes whose weights are only stored small
  bool chosen = false;
};

struct TuneReport {
  std::string model;
  std::string output;
  std::string data_file;
  std::string data;  // "rows.npy (200 rows)", "seeded inputs (seed 0, 32 rows)"
  bool made_up = false;
  std::uint64_t rows = 0;
  std::string objective;
  bool written = false;  // false: no plan keeps to all that was asked for
  std::string detail;    // then why, and what to do
  double float_us = 0;   // a call of the float model; 0: not timed
  // Those that none of the others beats in size, time and error at once, by size; and the chosen.
  std::vector<TunePoint> pareto;
  std::uint64_t parts = 0;             // that can be had in more than one way
  std::uint64_t tried = 0;             // plans that were run now
  std::uint64_t remembered = 0;        // plans that the journal knew
  std::uint64_t crashed = 0;           // plans that took the process with them, and were left
  std::uint64_t nodes_measured = 0;    // alone, now
  std::uint64_t nodes_remembered = 0;  // from the cache
  bool complete = false;               // nothing was left to try; else the time ended
  double seconds = 0;
  std::string runtime_version;
  Plan plan;  // the best; when none keeps to all that was asked for, the one that came nearest
  std::vector<std::string> warnings;
};

// Writes `output` each time a better plan is found, proven, as quantize() does; the plan beside it
// likewise. Stopped at any moment, it leaves the best so far. Throws Error when the model cannot be
// read or draws random numbers, no ONNX Runtime is found, or the float model does not run.
[[nodiscard]] TuneReport tune(const ModelSource& model, const std::filesystem::path& output,
                              const TuneOptions& options = {});

// The report as one JSON object: the fields of TuneReport by name.
[[nodiscard]] std::string to_json(const TuneReport& report);

}  // namespace octet
