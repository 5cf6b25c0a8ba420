// Float ONNX in, proven INT8 ONNX out.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "octet/data.hpp"
#include "octet/model_source.hpp"
#include "octet/parity.hpp"
#include "octet/plan.hpp"
#include "octet/progress.hpp"
#include "octet/runtime.hpp"
#include "octet/tolerances.hpp"

namespace octet {

// What decides a plan.
struct PlanOptions {
  // The CPUs the model is made for: INT8 must pay on all of them, and weights must not saturate on
  // any. portable (all) | native (this machine's) | avx2 | avx512 | avx512_vnni | amx_int8 |
  // neon_dotprod | neon_i8mm; vnni and arm64 are older names. See docs/costs.md.
  std::string target = "portable";
  // A table of costs as JSON (docs/costs.md) that takes the place of the target's; empty: built in.
  std::string costs;
  // A version of ONNX Runtime (1.22.1) whose known faults are to be avoided; empty: the result is
  // for versions without them. See docs/costs.md, "Faults".
  std::string for_runtime;
  std::string ops =
      "contrib";  // contrib: com.microsoft.DynamicQuantizeMatMul; standard: only ai.onnx operators
  std::string weight_type = "int8";  // int8 | uint8
  std::string storage =
      "int8";  // int8 | float16 | float32: what weights that stay float arithmetic are stored as
  bool per_channel = true;
  bool reduce_range = false;  // 7-bit weights; the pair rule makes it unnecessary
  // Selectors: an exact node name, a glob ("encoder/*"), "/regex/", or "op:Type". One that matches
  // nothing throws Error{invalid_argument} with the nearest name. Empty `include`: every node.
  std::vector<std::string> include;
  std::vector<std::string> exclude;
  std::vector<std::string> weight_only;  // these stay float operators; their weights are stored
  std::vector<std::string> float16;      // likewise, with weights in float16
  std::vector<std::string> op_types;     // only nodes of these types; empty: all
};

struct QuantizeOptions {
  PlanOptions planning;
  std::optional<Plan>
      plan;  // apply this one; `planning` then only supplies what the plan does not say
  bool external_data =
      false;  // write weights beside the model; automatic when the file would pass 2 GB
  bool allow_unchanged =
      false;  // copy a model that has nothing to quantize instead of answering no
  // The answer is no when a weight of 1 KiB or more that could be INT8 is not …
  bool strict = false;
  // … and when a smaller share of the weights' bytes is, 0 to 1.
  double require_share = 0;
  bool dry_run = false;  // decide and size everything, write nothing
  bool prove = true;     // load and run the result on ONNX Runtime before it appears; else no gate
  bool require_proof = false;  // a result that could not be run does not appear: the answer is no
  // Hold the result's answers against the float model's before it appears, and mend a plan made
  // here where they differ too much. What cannot be mended is not written: the answer is no.
  bool gate = true;
  bool keep_best = false;  // write the best result found although it does not hold
  Tolerances tolerances;   // what its answers are held to
  // Write subnormal weights of what stays float as zeros, where the gate passes with and without.
  bool flush_subnormals = true;
  double repair_seconds = 60;  // for trying plans
  // For timing the result against the float model, a call of 1 row and one of 32 where rows are
  // free; what is slower is taken back. 0: not timed.
  double speed_seconds = 0.4;
  DataOptions data;  // inputs for the gate and the proof
  // Where the plan goes as JSON, also in a dry run; empty: nowhere. Written before the proof, so
  // that the plan of a result that fails is there to be edited.
  std::filesystem::path save_plan;
  unsigned threads = 0;  // 0: all; never changes the output's bytes
  RuntimeOptions runtime;
  ProgressCallback progress;
};

struct Proof {
  enum class Status { passed, skipped, loaded_only } status = Status::skipped;
  std::string detail;           // what was done, or why not, with the next step
  std::string runtime_version;  // of the ONNX Runtime that ran it
  // When passed: the largest difference between floating outputs of original and result on these
  // inputs. nullopt for originals above 64 MiB, which are not loaded for it. octet::parity judges.
  std::optional<double> max_abs_diff;
};

// How long the result takes.
struct Speed {
  std::int64_t rows = 1;  // in one call
  // Time of the result / time of the float model, interleaved on this machine, with a 95 %
  // confidence interval (docs/numerics.md, "Bench statistics").
  double ratio = 1, ratio_low = 1, ratio_high = 1;
  // "faster", "slower", "no difference", or "cannot tell": slower, but by no more than the float
  // model beside itself.
  std::string verdict;
};

// Whether the result answers as the float model does and is not slower, and what was done for it.
struct Gate {
  enum class Status { passed, failed, unknown } status = Status::unknown;
  std::string detail;                   // what was done, or why it is not known
  std::vector<std::string> repaired;    // nodes that got their precision back, the worst first
  std::vector<Speed> speed;             // of the plan in the report; empty: not measured
  std::vector<std::string> taken_back;  // nodes that were slower computed in INT8 than in float
  std::uint64_t tried = 0;              // plans that were run
  std::optional<ParityReport> parity;   // of the plan in the report
};

// A constant tensor of floats, and what becomes of it.
struct WeightAccount {
  std::string name;
  std::string scope;  // whose it is: "" for the main graph, "If#3/then_branch/"
  std::string type;   // as it lies in the model
  std::vector<std::int64_t> shape;
  std::uint64_t bytes = 0;
  std::uint64_t bytes_after = 0;  // what stands for it in the result
  std::string form;               // of the first node that reads it; "float" where it stays
  std::string storage;            // int8 | uint8 | float16, or its own type
  std::string reason;             // a code of docs/forms.md; "unread" where no node reads it
};

struct QuantizeReport {
  Plan plan;
  std::string input;
  std::string output;
  std::string data_file;  // the weights' own file beside the output; empty: they lie in the output
  // false: a dry run, or the answer is no (nothing to quantize, or a gate that failed), and
  // `detail` says why and what to do.
  bool written = false;
  bool unchanged = false;  // nothing to quantize
  std::string detail;
  std::uint64_t bytes_before = 0;  // whole model, external data included
  std::uint64_t bytes_after = 0;   // predicted in a dry run, and the same number as in a real one
  std::uint64_t weight_bytes_before = 0;  // of the constant float tensors
  std::uint64_t weight_bytes_after =
      0;  // what stands for them in the result: data, scales and zero points
  std::vector<WeightAccount> weights;    // of 1 KiB and more, the largest first
  std::uint64_t small_weight_bytes = 0;  // of all others: with these the list comes to the sum
  double int8_share = 0;                 // of weight_bytes_before
  std::string shortfall;  // what strict or require_share asked for and this is not; else empty
  double seconds = 0;     // reading, planning, quantizing, writing
  std::uint64_t subnormal_weights = 0;  // that stay float; processors are slow with them
  bool flushed = false;                 // they are zeros in the result
  double gate_seconds = 0;
  Gate gate;
  double proof_seconds = 0;
  Proof proof;
  std::vector<std::string> warnings;
};

[[nodiscard]] Plan make_plan(const ModelSource& model, const PlanOptions& options = {});

// Writes `output` atomically, after the proof. When weights are external they go into a file beside
// it whose name tells their content, <output>.<16 hex digits>.data: the report names it. The rename
// of the output is the only moment of change; a data file of the old output is removed after it,
// unless another file of the folder points to it. Throws Error when the model cannot be read or
// changes meanwhile, the plan does not fit it, the result fails its proof, or anything written
// would overwrite something read. When the gate fails, the best plan found is left beside the
// output as <output>.plan.json (save_plan, when that is given).
[[nodiscard]] QuantizeReport quantize(const ModelSource& model, const std::filesystem::path& output,
                                      const QuantizeOptions& options = {});

// The same, into memory: `options.external_data` must be off. Proven in memory as well.
struct QuantizedBytes {
  std::vector<std::byte> bytes;  // empty when nothing was to quantize and allow_unchanged is off
  QuantizeReport report;
};
[[nodiscard]] QuantizedBytes quantize_bytes(const ModelSource& model,
                                            const QuantizeOptions& options = {});

// The report as one JSON object: the fields of QuantizeReport by name; `plan` as in
// docs/plan-format.md.
[[nodiscard]] std::string to_json(const QuantizeReport& report);

}  // namespace octet
