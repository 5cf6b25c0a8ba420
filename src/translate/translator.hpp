// Trained models as programs: what each class of scikit-learn, XGBoost and LightGBM computes.
//
// A class is a name and a function in a table; the function reads the fitted attributes and adds
// steps. Files of this folder hold a family each (scalers.cpp, linear.cpp, …).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "steps/builder.hpp"
#include "translate/estimator.hpp"

namespace octet::translate {

using steps::Builder;
using steps::Matrix;
using steps::ValueId;

// Columns on their way through transformers: of the data, or of values computed before.
class Frame {
 public:
  struct Column {
    std::optional<ValueId> value;  // nullopt: a column of the data
    std::uint32_t index = 0;
  };
  std::vector<Column> columns;

  [[nodiscard]] std::size_t size() const { return columns.size(); }
  [[nodiscard]] Frame chosen(const std::vector<std::uint32_t>& index) const;
};

// What a predictor gives. Classifiers have `index` and `labels`.
struct Prediction {
  std::optional<ValueId> index;  // of the label
  steps::Labels labels;
  std::optional<ValueId> probabilities;  // a column for each class
  std::optional<ValueId> decision;       // one column for two classes, else one for each
  std::optional<ValueId> target;         // of regressors
  std::optional<ValueId> scores;         // of outlier detectors and clusters
  std::optional<ValueId> flags;          // labels that are numbers themselves, a column each
  std::vector<Prediction> several;       // of classifiers with several outputs
};

// Of a booster that stopped early: the best of its rounds, as its own predict does, or all.
enum class Iterations { best, all };

class Translator {
 public:
  using Transform = Frame (*)(Translator&, const Estimator&, const Frame&);
  using Predict = Prediction (*)(Translator&, const Estimator&, const Frame&);

  Translator(const Records& records, steps::Program& program)
      : records_(records), program_(program), build_(program) {}

  [[nodiscard]] Builder& build() { return build_; }
  [[nodiscard]] const Records& records() const { return records_; }
  [[nodiscard]] const std::vector<steps::DataColumn>& data_columns() const {
    return program_.columns;
  }

  // Of an estimator, or of the words "passthrough" and "drop" or None. `place` is where it stands.
  [[nodiscard]] Frame transform(Ref estimator, const Frame& frame, const std::string& place);
  [[nodiscard]] Prediction predict(Ref estimator, const Frame& frame, const std::string& place);

  // All columns as one value of numbers. Throws Error{unsupported} when one is text.
  [[nodiscard]] ValueId numbers(const Estimator& for_whom, const Frame& frame);
  // One column as text.
  [[nodiscard]] ValueId text(const Estimator& for_whom, const Frame::Column& column);
  [[nodiscard]] bool is_text(const Frame::Column& column) const;
  [[nodiscard]] Frame frame_of(ValueId value) const;

  // Lines for people: each step of the pipeline in order.
  [[nodiscard]] const std::vector<std::string>& outline() const& { return outline_; }
  const std::vector<std::string>& outline() const&& = delete;
  void add_line(std::string line) { outline_.push_back(std::move(line)); }
  Iterations iterations = Iterations::best;
  // Columns are chosen by name, so that inputs are named.
  void choose_by_name() { program_.by_name = true; }

 private:
  const Records& records_;
  steps::Program& program_;
  Builder build_;
  std::vector<std::string> outline_;
  int depth_ = 0;
};

// The tables of classes, by name, over all files of this folder.
[[nodiscard]] const std::map<std::string_view, Translator::Transform>& transforms();
[[nodiscard]] const std::map<std::string_view, Translator::Predict>& predictors();

// What each family adds to the tables.
using TransformTable = std::map<std::string_view, Translator::Transform>;
using PredictTable = std::map<std::string_view, Translator::Predict>;
void add_scalers(TransformTable& table);
void add_imputers(TransformTable& table);
void add_encoders(TransformTable& table);
void add_columns(TransformTable& table, PredictTable& predict);
void add_selections(TransformTable& table);
void add_projections(TransformTable& table);
void add_features(TransformTable& table);
void add_texts(TransformTable& table);
void add_linear(PredictTable& table);
void add_networks(PredictTable& table);
void add_trees(PredictTable& table);
void add_boosting(PredictTable& table);
void add_histogram_boosting(PredictTable& table);
void add_neighbours(PredictTable& table);
void add_bayes(PredictTable& table);
void add_vectors(PredictTable& table);
void add_clusters(TransformTable& table, PredictTable& predict);
void add_votes(PredictTable& table);
void add_wrappers(PredictTable& table);
void add_calibration(PredictTable& table);
void add_boosters(PredictTable& table);

// Whole numbers, bools, whole floats or strings. Throws Error{unsupported} for others.
[[nodiscard]] steps::Labels labels_of(const Estimator& owner, Ref classes);

// Labels by the sign of one column, or by the largest of several.
[[nodiscard]] Prediction by_decision(Translator& t, steps::Labels labels, ValueId decision,
                                     std::optional<ValueId> probabilities = std::nullopt);
[[nodiscard]] Prediction by_probabilities(Translator& t, steps::Labels labels,
                                          ValueId probabilities);

[[nodiscard]] Matrix transposed(const Matrix& matrix);

// The name of a function of NumPy, whatever way it was pickled; "" for anything else.
[[nodiscard]] std::string numpy_function(const Records& records, Ref function);

}  // namespace octet::translate
