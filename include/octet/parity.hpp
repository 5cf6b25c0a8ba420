// Does the candidate give the reference's answers? Formulas: docs/numerics.md, "Parity".
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "octet/data.hpp"
#include "octet/model_source.hpp"
#include "octet/progress.hpp"
#include "octet/runtime.hpp"
#include "octet/tolerances.hpp"

namespace octet {

struct ParityOptions {
  Tolerances tolerances;
  // Rows in one call of the models: a scale that is chosen at run time spans the call. 0: as many
  // as the model fixes, else 1; all of them where the model does not answer row by row.
  std::int64_t batch = 0;
  DataOptions data;
  RuntimeOptions runtime;
  ProgressCallback progress;
};

// One output. Differences are |reference - candidate| over elements. NaN against NaN and equal
// infinities differ by 0; NaN or infinity against anything else makes max and mean infinite.
// Integer, boolean and string outputs are compared for equality: their differences are 0 or 1 and
// they fail only through label_agreement, never through a tolerance. A sequence of maps (ZipMap's)
// is compared by key, as a matrix with a column for each key; other sequences element by element.
// Figures of an output that could not be compared are NaN.
struct OutputParity {
  std::string name;
  std::string type;
  std::vector<std::int64_t> shape;  // of the first batch
  std::uint64_t elements = 0;
  double max_abs_diff = 0;
  double mean_abs_diff = 0;
  double rmse = 0;
  double cosine_similarity = 1;
  double sqnr_db = 0;  // +infinity when equal
  // Share of the vectors along the last axis whose argmax agrees (floating, rank 2 or more, at
  // least two wide), or, for label outputs, of the elements that are equal; 0 … 1.
  std::optional<double> label_agreement;
  // The same over the vectors whose largest element stands clear of the second (floating outputs).
  std::optional<double> clear_agreement;
  // Share of the vectors whose argmax is among the candidate's five largest, where the last axis is
  // at least ten long.
  std::optional<double> top5_agreement;
  double reference_rms = 0;      // root mean square of the reference's finite elements
  double reference_max_abs = 0;  // their largest magnitude
  // How it was judged: "bounded", "signal", "given", "labels" or, where it could not be, "none";
  // and, when it failed, why.
  std::string rule;
  std::string failure;
  // What became another shape, type, kind or set of keys: the output fails whatever the tolerances.
  std::string problem;
  // Why it could not be compared or judged: the verdict is then no yes. Empty: it was.
  std::string not_compared;
  // What the rule allows for these values; empty: it does not ask.
  std::optional<double> allowed_max_abs_diff;
  std::optional<double> allowed_mean_abs_diff;
  std::optional<double> allowed_rmse;
  // How far the reference is from itself on the same rows, where it draws random numbers.
  std::optional<double> own_noise;
  std::uint64_t worst_row = 0;   // index on the first axis of the largest difference
  std::uint64_t worst_call = 0;  // the call it was in, from 0
  // The row of the data it comes from, over all calls; empty where a call has rows that its output
  // has not.
  std::optional<std::uint64_t> worst_input_row;
  double worst_reference = 0;
  double worst_candidate = 0;
  bool passed = true;
};

// A file that was compared, so that a report can be held against what lies there later.
struct FileRecord {
  std::string role;  // "reference", "candidate", "data"; data files of a model have its role
  std::string path;
  std::uint64_t bytes = 0;
  std::string sha256;  // as sha256sum prints it
};

// One column of the row of data whose answers are farthest apart.
struct RowColumn {
  std::string name;   // from the header of the .csv file, or of the input: "distance", "X[3]"
  std::string value;  // in that row
  std::optional<double> mean;       // of numbers: over all rows
  std::optional<double> deviation;  // likewise, the standard one
  // Why this column may explain the difference: its value is an outlier, or its numbers are of
  // another size than the other columns', so that one INT8 scale for all does not suit them.
  std::string remark;
};

struct ParityReport {
  std::string reference;
  std::string candidate;
  std::string data;  // what was fed, in words: "test_rows.npy (200 rows)", "seeded inputs (seed 0)"
  bool made_up = false;  // no data was given: a pass on made-up inputs is worth less
  std::uint64_t rows = 0;
  std::int64_t batch = 1;  // rows in one call
  // The largest difference between the candidate's answers to the same rows given `batch` at a time
  // and `batch_coupling_rows` in one call. nullopt where that cannot be asked.
  std::optional<double> batch_coupling;
  std::int64_t batch_coupling_rows = 0;
  double abs_tol = 0;                     // what bounded outputs, or all when given, were held to
  double mean_tol = 0;                    // likewise
  double max_abs_diff = 0;                // over all floating outputs
  double mean_abs_diff = 0;               // the worst output's mean
  std::optional<double> label_agreement;  // the worst output's
  double required_abs_tol = 0;            // the tolerances that would have passed
  double required_mean_tol = 0;
  // "passed"; "failed" when an output is too far away; else "incomplete" when an output could not
  // be compared or judged, or when there is none.
  std::string verdict;
  std::string reason;   // why it is not "passed", output by output
  bool passed = false;  // verdict is "passed"
  std::vector<OutputParity> outputs;
  // The columns of the worst row, those with a remark first, where the data are a table. At most
  // 1000.
  std::vector<RowColumn> worst_columns;
  Tolerances tolerances;                     // what was given
  std::map<std::string, std::int64_t> dims;  // of DataOptions
  std::uint64_t seed = 0;
  unsigned threads = 1;
  std::vector<FileRecord> files;
  std::string date;  // for the caller to fill in: the library does not know what time it is
  std::vector<std::string> warnings;
  std::string next_step;  // when failed: what to do
  std::string runtime_version;
};

// `reference`: a float ONNX model, or recorded outputs of whatever made the truth (.npy, .npz,
// .csv). Recorded outputs need options.data.files. A recorded file is matched to outputs by name
// (.npz), else to the first output whose shape (and, for labels, type) it fits.
[[nodiscard]] ParityReport parity(const ModelSource& reference, const ModelSource& candidate,
                                  const ParityOptions& options = {});

// The same against answers at hand, matched like recorded files.
[[nodiscard]] ParityReport parity(const std::vector<Array>& recorded, const ModelSource& candidate,
                                  const ParityOptions& options = {});

// The report as one JSON object: the fields of ParityReport by name; non-finite numbers as "inf",
// "-inf", "nan".
[[nodiscard]] std::string to_json(const ParityReport& report);

// The verdict of a report that to_json wrote, read back. Throws Error{invalid_argument} that begins
// with `label` for anything else.
struct ParityVerdict {
  std::string candidate;
  bool passed = false;
};
[[nodiscard]] ParityVerdict verdict_from_json(std::string_view text, std::string_view label);

}  // namespace octet
