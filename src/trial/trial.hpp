// A model, its feeds and its reference answers, against which any candidate can be run.
//
// The proof, parity, bench and predict are judgements of a trial: none of them opens sessions of
// the reference, makes feeds or chooses sizes by itself.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/port.hpp"
#include "base/tensor.hpp"
#include "data/dataset.hpp"
#include "octet/data.hpp"
#include "octet/model_source.hpp"
#include "octet/progress.hpp"
#include "octet/runtime.hpp"
#include "runtime/session.hpp"

namespace octet::trial {

using Outputs = std::vector<base::NamedTensor>;

struct Settings {
  octet::DataOptions data;
  // Rows in one call. 0: as many as the model fixes, else one, because a scale chosen at run time
  // spans the call; all of them where the model's answers to a row depend on the others.
  std::int64_t batch = 0;
  std::uint64_t most_rows = 0;  // of the data; 0: all
  // Answers of the reference are kept up to this, and computed again beyond it.
  std::uint64_t keep_bytes = std::uint64_t{256} << 20U;
  // Whether `reference` is what others are measured by. When it is itself in question (recorded
  // answers are the truth), its answers do not decide about the batch.
  bool trusted = true;
  octet::ProgressCallback progress;  // asked before every run
  const char* stage = "compare";
};

class Trial {
 public:
  // Decides on sizes and feeds, running the reference where that takes trying. `inputs` are those
  // of the session (model_inputs). Throws Error{invalid_data} when the data do not fit or have no
  // rows.
  Trial(runtime::Session reference, std::vector<base::Port> inputs, Settings settings);

  [[nodiscard]] const runtime::Session& reference() const& { return reference_; }
  const runtime::Session& reference() const&& = delete;
  [[nodiscard]] const std::vector<base::Port>& inputs() const& { return inputs_; }
  const std::vector<base::Port>& inputs() const&& = delete;

  [[nodiscard]] std::size_t size() const { return feeds_.count; }  // feeds
  [[nodiscard]] std::uint64_t rows() const { return feeds_.rows; }
  [[nodiscard]] std::int64_t batch() const { return feeds_.batch; }
  // "rows.npy (200 rows)", "seeded inputs (seed 0, 32 rows)"
  [[nodiscard]] const std::string& description() const& { return feeds_.description; }
  const std::string& description() const&& = delete;
  // Calls of any number of rows can be made of the data.
  [[nodiscard]] bool has_free_rows() const { return dataset_->has_free_rows(); }
  // False: inputs had to be made up, and on none of the sizes tried does the model run.
  [[nodiscard]] bool sizes_known() const { return sizes_known_; }
  // All rows are in one call because the model's answers to a row depend on the others.
  [[nodiscard]] bool rows_depend() const { return rows_depend_; }

  [[nodiscard]] data::Feed feed(std::size_t i) const { return feeds_.at(i); }
  [[nodiscard]] std::uint64_t rows_of(std::size_t i) const;  // of feed i
  // Of the reference on feed i.
  [[nodiscard]] std::shared_ptr<const Outputs> answers(std::size_t i);
  // Of a candidate on feed i. Asks the progress callback first: throws Error{cancelled}.
  [[nodiscard]] Outputs run(const runtime::Session& candidate, std::size_t i) const;

  // The data in calls of `batch` rows, which the model may refuse; rows are repeated when there are
  // fewer, and data that has no rows of its own is given whole.
  [[nodiscard]] data::Feed feed_of(std::int64_t batch) const;

  // How much a candidate's answers to the same rows change when they are given in one call instead
  // of `batch()` at a time. nullopt where that cannot be asked: one row, a fixed batch, outputs
  // without a row each.
  struct Coupling {
    std::int64_t rows = 0;  // in the larger call
    double max_abs_diff = 0;
  };
  [[nodiscard]] std::optional<Coupling> coupling(const runtime::Session& candidate) const;

 private:
  void ask(std::size_t done) const;
  [[nodiscard]] data::Dataset seeded();
  [[nodiscard]] bool rows_stand_alone() const;

  runtime::Session reference_;
  std::vector<base::Port> inputs_;
  Settings settings_;
  bool sizes_known_ = true;
  bool rows_depend_ = false;
  std::optional<data::Dataset> dataset_;
  data::Feeds feeds_;
  std::vector<std::shared_ptr<const Outputs>> kept_;
  std::uint64_t kept_bytes_ = 0;
};

// The tensors of `feed` that the session asks for; the others are dropped (a constant input may
// have been folded away). What is missing is left for run() to name.
[[nodiscard]] data::Feed suited_to(const runtime::Session& session, data::Feed feed);

}  // namespace octet::trial
