// Ensembles of any models: voting, stacking, bagging, AdaBoost.
#include <fmt/format.h>

#include <cmath>
#include <numeric>

#include "translate/translator.hpp"

namespace octet::translate {
namespace {

using steps::Apply;
using steps::Combine;
using steps::Reduce;

std::string part(const Estimator& e, std::size_t i) {
  return fmt::format("{} estimators_[{}]", e.place(), i);
}

Matrix identity(std::size_t n) {
  Matrix out{n, n, std::vector<double>(n * n)};
  for (std::size_t i = 0; i < n; ++i) out.at(i, i) = 1;
  return out;
}

ValueId need(const Estimator& e, const std::optional<ValueId>& value, const char* what) {
  if (!value) e.refuse(fmt::format("one of its models gives no {}", what));
  return *value;
}

// The mean with these weights; empty: equal ones.
ValueId mean(Builder& b, const std::vector<ValueId>& values, const std::vector<double>& weights) {
  const double sum = weights.empty() ? static_cast<double>(values.size())
                                     : std::accumulate(weights.begin(), weights.end(), 0.0);
  std::optional<ValueId> out;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const ValueId one = weights.empty() ? values[i] : b.times(values[i], weights[i]);
    out = out ? b.add(*out, one) : one;
  }
  return b.divide(*out, b.constant(sum));
}

std::vector<double> weights_of(const Estimator& e, std::size_t count) {
  if (!e.has("weights")) return {};
  std::vector<double> out = e.numbers("weights");
  const std::vector<Ref> named = e.items("estimators");
  if (out.size() == named.size() && out.size() != count) {  // those of dropped models go
    std::vector<double> kept;
    for (std::size_t i = 0; i < named.size(); ++i) {
      const auto pair = trained::items_of(e.records(), named[i]);
      if (pair && pair->size() == 2 && trained::text_of(e.records(), (*pair)[1]) != "drop")
        kept.push_back(out[i]);
    }
    out = kept;
  }
  if (out.size() != count) e.damaged("weights do not fit its models");
  return out;
}

std::vector<Prediction> predictions(Translator& t, const Estimator& e, const Frame& frame,
                                    const char* key = "estimators_") {
  std::vector<Prediction> out;
  const std::vector<Ref> models = e.items(key);
  for (std::size_t i = 0; i < models.size(); ++i)
    out.push_back(t.predict(models[i], frame, part(e, i)));
  if (out.empty()) e.damaged("has no models");
  return out;
}

Prediction voting_classifier(Translator& t, const Estimator& e, const Frame& frame) {
  Builder& b = t.build();
  steps::Labels labels = labels_of(e, e.need("classes_"));
  const std::vector<Prediction> all = predictions(t, e, frame);
  const bool soft = e.text("voting") == "soft";
  std::vector<ValueId> votes;
  for (const Prediction& one : all) {
    votes.push_back(soft ? need(e, one.probabilities, "probabilities")
                         : b.take_rows(need(e, one.index, "labels"), identity(labels.size())));
  }
  Prediction out =
      by_probabilities(t, std::move(labels), mean(b, votes, weights_of(e, votes.size())));
  if (!soft) out.probabilities.reset();
  return out;
}

Prediction voting_regressor(Translator& t, const Estimator& e, const Frame& frame) {
  std::vector<ValueId> targets;
  for (const Prediction& one : predictions(t, e, frame))
    targets.push_back(need(e, one.target, "numbers"));
  Prediction out;
  out.target = mean(t.build(), targets, weights_of(e, targets.size()));
  return out;
}

// What the final model of a stack is given of one model.
ValueId stacked(Translator& t, const Estimator& e, const Prediction& one,
                const std::string& method) {
  Builder& b = t.build();
  if (method == "predict_proba") {
    const ValueId p = need(e, one.probabilities, "probabilities");
    return b.width(p) == 2 ? b.column(p, 1) : p;
  }
  if (method == "decision_function") return need(e, one.decision, "decision");
  if (one.target) return *one.target;
  const ValueId index = need(e, one.index, "labels");
  if (!one.labels.texts.empty()) e.refuse("stacking of labels that are texts");
  Matrix table{one.labels.size(), 1, {}};
  for (const std::int64_t label : one.labels.numbers)
    table.numbers.push_back(static_cast<double>(label));
  return b.take_rows(index, std::move(table));
}

Prediction stack(Translator& t, const Estimator& e, const Frame& frame) {
  const std::vector<Prediction> all = predictions(t, e, frame);
  const auto methods = trained::texts_of(e.records(), e.need("stack_method_"));
  if (!methods || methods->size() != all.size()) e.damaged("stack_method_ does not fit");
  Frame features;
  const auto append = [&](const Frame& more) {
    features.columns.insert(features.columns.end(), more.columns.begin(), more.columns.end());
  };
  for (std::size_t i = 0; i < all.size(); ++i)
    append(t.frame_of(stacked(t, e, all[i], (*methods)[i])));
  if (e.flag("passthrough")) append(frame);
  Prediction out = t.predict(e.need("final_estimator_"), features, e.place() + " final_estimator_");
  if (e.name() == "StackingClassifier") out.labels = labels_of(e, e.need("classes_"));
  return out;
}

std::vector<std::uint32_t> bag_columns(const Estimator& e, Ref ref, std::size_t count) {
  const auto numbers = trained::numbers_of(e.records(), ref);
  if (!numbers) e.damaged("estimators_features_ are no numbers");
  std::vector<std::uint32_t> out;
  for (const double column : numbers->numbers) {
    if (!(column >= 0 && column < static_cast<double>(count)))
      e.damaged("estimators_features_ do not fit");
    out.push_back(static_cast<std::uint32_t>(column));
  }
  return out;
}

std::vector<Prediction> bags(Translator& t, const Estimator& e, const Frame& frame) {
  const std::vector<Ref> models = e.items("estimators_");
  const std::vector<Ref> columns = e.items("estimators_features_");
  if (models.empty() || columns.size() != models.size())
    e.damaged("estimators_features_ do not fit");
  std::vector<Prediction> out;
  for (std::size_t i = 0; i < models.size(); ++i) {
    const Frame chosen = frame.chosen(bag_columns(e, columns[i], frame.size()));
    out.push_back(t.predict(models[i], chosen, part(e, i)));
  }
  return out;
}

Prediction bagging_classifier(Translator& t, const Estimator& e, const Frame& frame) {
  Builder& b = t.build();
  steps::Labels labels = labels_of(e, e.need("classes_"));
  std::vector<ValueId> votes;
  for (const Prediction& one : bags(t, e, frame)) {
    ValueId p = 0;
    if (one.probabilities) {
      p = *one.probabilities;
    } else {
      p = b.take_rows(need(e, one.index, "labels"), identity(one.labels.size()));
    }
    if (b.width(p) != labels.size()) e.refuse("one of its models has not seen every class");
    votes.push_back(p);
  }
  return by_probabilities(t, std::move(labels), mean(b, votes, {}));
}

Prediction bagging_regressor(Translator& t, const Estimator& e, const Frame& frame) {
  std::vector<ValueId> targets;
  for (const Prediction& one : bags(t, e, frame)) targets.push_back(need(e, one.target, "numbers"));
  Prediction out;
  out.target = mean(t.build(), targets, {});
  return out;
}

// Each model's share of the decision: by its label, or (SAMME.R) by its probabilities.
ValueId boosted(Translator& t, const Estimator& e, const Prediction& one, double weight,
                std::size_t classes) {
  Builder& b = t.build();
  const auto k = static_cast<double>(classes);
  if (e.text_or("algorithm", "SAMME") == "SAMME.R") {
    constexpr double least = 2.220446049250313e-16;
    const ValueId p = b.combine(Combine::Function::maximum,
                                need(e, one.probabilities, "probabilities"), b.constant(least));
    const ValueId log_p = b.apply(Apply::Function::log, p);
    return b.times(b.subtract(log_p, b.reduce(Reduce::Function::mean, log_p)), k - 1);
  }
  Matrix table{classes, classes, std::vector<double>(classes * classes)};
  for (std::size_t r = 0; r < classes; ++r) {
    for (std::size_t c = 0; c < classes; ++c) table.at(r, c) = r == c ? weight : -weight / (k - 1);
  }
  return b.take_rows(need(e, one.index, "labels"), std::move(table));
}

Prediction ada_classifier(Translator& t, const Estimator& e, const Frame& frame) {
  Builder& b = t.build();
  steps::Labels labels = labels_of(e, e.need("classes_"));
  const std::vector<double> weights = e.numbers("estimator_weights_");
  const std::vector<Prediction> all = predictions(t, e, frame);
  if (weights.size() < all.size()) e.damaged("estimator_weights_ do not fit");
  std::optional<ValueId> sum;
  double total = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const ValueId one = boosted(t, e, all[i], weights[i], labels.size());
    sum = sum ? b.add(*sum, one) : one;
    total += weights[i];
  }
  const ValueId decision = b.divide(*sum, b.constant(total));
  const std::size_t k = labels.size();
  if (k == 2) {
    const ValueId apart = b.product(decision, Matrix{2, 1, {-1, 1}});
    const ValueId half = b.times(apart, 0.5);
    return by_decision(t, std::move(labels), apart, b.softmax(b.concat({b.negate(half), half})));
  }
  const ValueId p = b.softmax(b.divide(decision, b.constant(static_cast<double>(k) - 1)));
  return by_decision(t, std::move(labels), decision, p);
}

Prediction ada_regressor(Translator& t, const Estimator& e, const Frame& frame) {
  Builder& b = t.build();
  const std::vector<Prediction> all = predictions(t, e, frame);
  std::vector<double> weights = e.numbers("estimator_weights_");
  if (weights.size() < all.size()) e.damaged("estimator_weights_ do not fit");
  weights.resize(all.size());
  std::vector<ValueId> targets;
  for (const Prediction& one : all) targets.push_back(need(e, one.target, "numbers"));
  Prediction out;
  out.target = b.weighted_median(b.concat(std::move(targets)), std::move(weights));
  return out;
}

}  // namespace

void add_votes(PredictTable& table) {
  table["VotingClassifier"] = voting_classifier;
  table["VotingRegressor"] = voting_regressor;
  table["StackingClassifier"] = stack;
  table["StackingRegressor"] = stack;
  table["BaggingClassifier"] = bagging_classifier;
  table["BaggingRegressor"] = bagging_regressor;
  table["AdaBoostClassifier"] = ada_classifier;
  table["AdaBoostRegressor"] = ada_regressor;
}

}  // namespace octet::translate
