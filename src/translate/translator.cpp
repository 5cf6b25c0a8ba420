#include "translate/translator.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "octet/error.hpp"

namespace octet::translate {
namespace {

constexpr int most_depth = 64;

using trained::Kind;

template <typename Table>
std::string names_in(const Table& table) {
  std::vector<std::string_view> names;
  for (const auto& [name, function] : table) names.push_back(name);
  return fmt::format("{}", fmt::join(names, ", "));
}

[[noreturn]] void refuse_class(const Records& records, Ref ref, const std::string& place,
                               const std::string& supported) {
  throw Error(ErrorCode::unsupported, fmt::format("{}: {} is not supported; supported are {}",
                                                  place.empty() ? "the model" : place,
                                                  trained::name_of(records, ref), supported));
}

// A step of the outline: deeper ones are indented.
std::string line_of(const Estimator& estimator, int depth) {
  return fmt::format("{}{}", std::string(2 * static_cast<std::size_t>(depth), ' '),
                     estimator.place());
}

class Deeper {
 public:
  Deeper(int& depth, const std::string& place) : depth_(depth) {
    if (++depth_ > most_depth)
      throw Error(ErrorCode::invalid_model, place + ": models are nested too deep");
  }
  Deeper(const Deeper&) = delete;
  Deeper& operator=(const Deeper&) = delete;
  ~Deeper() { --depth_; }

 private:
  int& depth_;
};

}  // namespace

Frame Frame::chosen(const std::vector<std::uint32_t>& index) const {
  Frame out;
  for (const std::uint32_t i : index) out.columns.push_back(columns[i]);
  return out;
}

Frame Translator::transform(Ref ref, const Frame& frame, const std::string& place) {
  const Deeper deeper(depth_, place);
  const auto word = trained::text_of(records_, ref);
  if (records_.is(ref, Kind::none) || word == "passthrough") return frame;
  if (word == "drop") return {};
  const Estimator estimator(records_, ref, place);
  const auto found = transforms().find(estimator.name());
  if (found == transforms().end() || !estimator.is_of("sklearn"))
    refuse_class(records_, ref, place, "the transformers " + names_in(transforms()));
  outline_.push_back(line_of(estimator, depth_ - 1));
  const std::string before = build_.place();
  build_.set_place(estimator.place());
  Frame out = found->second(*this, estimator, frame);
  build_.set_place(before);
  return out;
}

Prediction Translator::predict(Ref ref, const Frame& frame, const std::string& place) {
  const Deeper deeper(depth_, place);
  const Estimator estimator(records_, ref, place);
  const auto found = predictors().find(estimator.name());
  const bool known =
      estimator.is_of("sklearn") || estimator.is_of("xgboost") || estimator.is_of("lightgbm");
  if (found == predictors().end() || !known)
    refuse_class(records_, ref, place, "the models " + names_in(predictors()));
  outline_.push_back(line_of(estimator, depth_ - 1));
  const std::string before = build_.place();
  build_.set_place(estimator.place());
  Prediction out = found->second(*this, estimator, frame);
  build_.set_place(before);
  return out;
}

bool Translator::is_text(const Frame::Column& column) const {
  if (column.value) return program_.steps[*column.value].is_text;
  return program_.columns[column.index].is_text;
}

ValueId Translator::numbers(const Estimator& for_whom, const Frame& frame) {
  if (frame.columns.empty()) for_whom.refuse("no columns are left for it");
  std::vector<ValueId> parts;
  for (std::size_t i = 0; i < frame.size();) {
    if (is_text(frame.columns[i])) {
      for_whom.refuse(fmt::format("column {} is text, but numbers are wanted", i));
    }
    const auto& value = frame.columns[i].value;
    std::vector<std::uint32_t> index;
    for (; i < frame.size() && frame.columns[i].value == value; ++i)
      index.push_back(frame.columns[i].index);
    parts.push_back(value ? build_.columns(*value, std::move(index))
                          : build_.input(std::move(index)));
  }
  return build_.concat(std::move(parts));
}

ValueId Translator::text(const Estimator& for_whom, const Frame::Column& column) {
  if (column.value) {
    if (!program_.steps[*column.value].is_text)
      for_whom.refuse("a column of numbers, where text is wanted");
    return *column.value;
  }
  const steps::DataColumn& data = program_.columns[column.index];
  if (data.is_read && !data.is_text) {
    for_whom.refuse(fmt::format("column \"{}\" is read as numbers and as text", data.name));
  }
  program_.by_name = true;
  return build_.text_input(column.index);
}

Frame Translator::frame_of(ValueId value) const {
  Frame out;
  for (std::uint32_t i = 0; i < program_.steps[value].width; ++i) out.columns.push_back({value, i});
  return out;
}

const TransformTable& transforms() {
  static const TransformTable table = [] {
    TransformTable out;
    PredictTable others;
    add_scalers(out);
    add_imputers(out);
    add_encoders(out);
    add_columns(out, others);
    add_selections(out);
    add_projections(out);
    add_features(out);
    add_texts(out);
    add_clusters(out, others);
    return out;
  }();
  return table;
}

const PredictTable& predictors() {
  static const PredictTable table = [] {
    PredictTable out;
    TransformTable others;
    add_columns(others, out);
    add_linear(out);
    add_networks(out);
    add_trees(out);
    add_boosting(out);
    add_histogram_boosting(out);
    add_neighbours(out);
    add_bayes(out);
    add_vectors(out);
    add_clusters(others, out);
    add_votes(out);
    add_wrappers(out);
    add_calibration(out);
    add_boosters(out);
    return out;
  }();
  return table;
}

steps::Labels labels_of(const Estimator& owner, Ref classes) {
  steps::Labels out;
  if (auto texts = trained::texts_of(owner.records(), classes); texts && !texts->empty()) {
    out.texts = std::move(*texts);
    return out;
  }
  const auto numbers = trained::numbers_of(owner.records(), classes);
  if (!numbers || numbers->numbers.empty())
    owner.refuse("its classes are neither numbers nor strings");
  for (const double number : numbers->numbers) {
    if (std::floor(number) != number || std::abs(number) > 9e15)
      owner.refuse(fmt::format("class {} is no whole number", number));
    out.numbers.push_back(static_cast<std::int64_t>(number));
  }
  return out;
}

Prediction by_probabilities(Translator& t, steps::Labels labels, ValueId probabilities) {
  Prediction out;
  out.labels = std::move(labels);
  out.probabilities = probabilities;
  out.index = t.build().winner(probabilities);
  return out;
}

Prediction by_decision(Translator& t, steps::Labels labels, ValueId decision,
                       std::optional<ValueId> probabilities) {
  Prediction out;
  out.labels = std::move(labels);
  out.decision = decision;
  out.probabilities = probabilities;
  out.index = t.build().width(decision) == 1
                  ? t.build().compare(steps::Compare::Relation::greater, decision, {0})
                  : t.build().winner(decision);
  return out;
}

Matrix transposed(const Matrix& matrix) {
  Matrix out{matrix.columns, matrix.rows, std::vector<double>(matrix.numbers.size())};
  for (std::size_t r = 0; r < matrix.rows; ++r) {
    for (std::size_t c = 0; c < matrix.columns; ++c) out.at(c, r) = matrix.at(r, c);
  }
  return out;
}

std::string numpy_function(const Records& records, Ref function) {
  if (records.is(function, Kind::global)) {
    const trained::Global global = records.global(function);
    return global.module.starts_with("numpy") ? std::string(global.name) : std::string();
  }
  if (!records.is(function, Kind::call)) return "";
  const trained::Call& call = records.call(function);
  if (!trained::name_of(records, call.callable).ends_with("._ufunc_reconstruct")) return "";
  const auto arguments = trained::texts_of(records, call.arguments);
  return arguments && arguments->size() == 2 ? arguments->back() : std::string();
}

}  // namespace octet::translate
