// Models around others: one model a class or an output, targets that were transformed, constants.
#include <fmt/format.h>

#include "translate/translator.hpp"

namespace octet::translate {
namespace {

using steps::Apply;

Prediction one_against_rest(Translator& t, const Estimator& e, const Frame& frame) {
  Builder& b = t.build();
  steps::Labels labels = labels_of(e, e.need("classes_"));
  std::vector<Prediction> all;
  const std::vector<Ref> models = e.items("estimators_");
  for (std::size_t i = 0; i < models.size(); ++i)
    all.push_back(t.predict(models[i], frame, fmt::format("{} estimators_[{}]", e.place(), i)));
  if (all.empty()) e.damaged("has no models");
  std::vector<ValueId> probabilities;
  std::vector<ValueId> decisions;
  for (const Prediction& one : all) {
    if (one.probabilities && b.width(*one.probabilities) == 2)
      probabilities.push_back(b.column(*one.probabilities, 1));
    if (one.decision && b.width(*one.decision) == 1) decisions.push_back(*one.decision);
  }
  const bool has_p = probabilities.size() == all.size();
  const bool has_d = decisions.size() == all.size();
  if (all.size() == 1) {
    std::optional<ValueId> p = all[0].probabilities;
    if (has_d) return by_decision(t, std::move(labels), decisions[0], p);
    if (!has_p) e.refuse("its model gives neither a decision nor probabilities");
    return by_probabilities(t, std::move(labels), *p);
  }
  if (has_d) {
    std::optional<ValueId> p;
    if (has_p) p = b.normalized(b.concat(probabilities), 0);
    return by_decision(t, std::move(labels), b.concat(decisions), p);
  }
  if (!has_p) e.refuse("its models give neither decisions nor probabilities");
  return by_probabilities(t, std::move(labels), b.normalized(b.concat(probabilities), 0));
}

Prediction several_targets(Translator& t, const Estimator& e, const Frame& frame) {
  std::vector<ValueId> targets;
  const std::vector<Ref> models = e.items("estimators_");
  for (std::size_t i = 0; i < models.size(); ++i) {
    const std::string place = fmt::format("{} estimators_[{}]", e.place(), i);
    const Prediction one = t.predict(models[i], frame, place);
    if (!one.target) e.refuse("one of its models is no regressor");
    targets.push_back(*one.target);
  }
  if (targets.empty()) e.damaged("has no models");
  Prediction out;
  out.target = t.build().concat(std::move(targets));
  return out;
}

Prediction several_classes(Translator& t, const Estimator& e, const Frame& frame) {
  Prediction out;
  const std::vector<Ref> models = e.items("estimators_");
  for (std::size_t i = 0; i < models.size(); ++i) {
    const std::string place = fmt::format("{} estimators_[{}]", e.place(), i);
    out.several.push_back(t.predict(models[i], frame, place));
    if (!out.several.back().index) e.refuse("one of its models is no classifier");
  }
  if (out.several.empty()) e.damaged("has no models");
  return out;
}

Prediction transformed_target(Translator& t, const Estimator& e, const Frame& frame) {
  Builder& b = t.build();
  Prediction out = t.predict(e.need("regressor_"), frame, e.place() + " regressor_");
  if (!out.target) e.refuse("its model is no regressor");
  if (e.has("transformer")) {
    const Estimator scaler(e.records(), e.need("transformer_"), e.place() + " transformer_");
    if (scaler.name() != "StandardScaler") e.refuse("a target transformed by " + scaler.name());
    if (scaler.has("scale_"))
      out.target = b.multiply(*out.target, b.constant(scaler.numbers("scale_")));
    if (scaler.flag("with_mean", true) && scaler.has("mean_"))
      out.target = b.add(*out.target, b.constant(scaler.numbers("mean_")));
    return out;
  }
  if (!e.has("inverse_func")) return out;
  const std::string name = numpy_function(e.records(), e.need("inverse_func"));
  if (name == "expm1") {
    out.target = b.plus(b.apply(Apply::Function::exp, *out.target), -1);
  } else if (name == "exp") {
    out.target = b.apply(Apply::Function::exp, *out.target);
  } else if (name == "square") {
    out.target = b.apply(Apply::Function::square, *out.target);
  } else if (name == "sqrt") {
    out.target = b.apply(Apply::Function::sqrt, *out.target);
  } else {
    e.refuse(fmt::format("its inverse_func {} is not known",
                         trained::name_of(e.records(), e.need("inverse_func"))));
  }
  return out;
}

}  // namespace

void add_wrappers(PredictTable& table) {
  table["OneVsRestClassifier"] = one_against_rest;
  table["MultiOutputRegressor"] = several_targets;
  table["MultiOutputClassifier"] = several_classes;
  table["TransformedTargetRegressor"] = transformed_target;
}

}  // namespace octet::translate
