// Linear models, and classifiers with a linear decision: a MatMul and an Add.
#include <array>
#include <cmath>

#include "translate/translator.hpp"

namespace octet::translate {
namespace {

using steps::Apply;
using steps::Combine;

// One column for each target or class.
ValueId linear(Translator& t, const Estimator& e, const Frame& frame) {
  Matrix weights = transposed(e.matrix("coef_"));
  if (weights.rows != frame.size()) e.damaged("coef_ does not fit the columns");
  std::vector<double> bias = e.has("intercept_") ? e.numbers("intercept_") : std::vector<double>{0};
  if (bias.size() == 1) bias.assign(weights.columns, bias[0]);
  if (bias.size() != weights.columns) e.damaged("intercept_ does not fit coef_");
  return t.build().affine(t.numbers(e, frame), std::move(weights), std::move(bias));
}

Prediction regression(Translator& t, const Estimator& e, const Frame& frame) {
  Prediction out;
  out.target = linear(t, e, frame);
  return out;
}

// A generalized linear model: its link's inverse.
Prediction generalized(Translator& t, const Estimator& e, const Frame& frame) {
  Prediction out;
  out.target = linear(t, e, frame);
  const double tweedie_power = e.number_or("power", 1);
  const std::string link = e.text_or("link", "auto");
  const bool identity = e.name() == "TweedieRegressor" &&
                        (link == "identity" || (link == "auto" && tweedie_power <= 0));
  if (!identity) out.target = t.build().apply(Apply::Function::exp, *out.target);
  return out;
}

Ref classes_of(const Estimator& e) {
  if (e.has("classes_")) return e.need("classes_");
  const Estimator binarizer(e.records(), e.need("_label_binarizer"), e.place());
  return binarizer.need("classes_");
}

Prediction decided(Translator& t, const Estimator& e, const Frame& frame) {
  return by_decision(t, labels_of(e, classes_of(e)), linear(t, e, frame));
}

// One against the rest: sigmoids over their sum. Written so that it does not become 0 / 0 where all
// of them are tiny.
ValueId one_against_rest(Builder& b, ValueId decision) {
  return b.softmax(b.negate(b.apply(Apply::Function::softplus, b.negate(decision))));
}

ValueId sigmoid_pair(Builder& b, ValueId decision) {
  return b.both(b.apply(Apply::Function::sigmoid, decision));
}

Prediction logistic(Translator& t, const Estimator& e, const Frame& frame) {
  Builder& b = t.build();
  const steps::Labels labels = labels_of(e, e.need("classes_"));
  const ValueId decision = linear(t, e, frame);
  const std::string kind = e.text_or("multi_class", "auto");
  const bool automatic = kind == "auto" || kind == "deprecated";
  const bool against_rest =
      kind == "ovr" || kind == "warn" ||
      (automatic && (labels.size() <= 2 || e.text_or("solver", "lbfgs") == "liblinear"));
  ValueId p = 0;
  if (b.width(decision) == 1) {
    p = against_rest ? sigmoid_pair(b, decision)
                     : b.softmax(b.concat({b.negate(decision), decision}));
  } else {
    p = against_rest ? one_against_rest(b, decision) : b.softmax(decision);
  }
  return by_decision(t, labels, decision, p);
}

Prediction discriminant(Translator& t, const Estimator& e, const Frame& frame) {
  Builder& b = t.build();
  const ValueId decision = linear(t, e, frame);
  const ValueId p = b.width(decision) == 1 ? sigmoid_pair(b, decision) : b.softmax(decision);
  return by_decision(t, labels_of(e, e.need("classes_")), decision, p);
}

Prediction stochastic(Translator& t, const Estimator& e, const Frame& frame) {
  Builder& b = t.build();
  const ValueId decision = linear(t, e, frame);
  const std::string loss = e.text_or("loss", "hinge");
  std::optional<ValueId> p;
  const bool pair = b.width(decision) == 1;
  if (loss == "log" || loss == "log_loss") {
    p = pair ? sigmoid_pair(b, decision) : one_against_rest(b, decision);
  } else if (loss == "modified_huber") {
    ValueId x = b.combine(Combine::Function::maximum, decision, b.constant(-1));
    x = b.combine(Combine::Function::minimum, x, b.constant(1));
    x = b.times(b.plus(x, 1), 0.5);
    p = pair ? b.both(x) : b.normalized(x, 1.0 / b.width(decision));
  }
  return by_decision(t, labels_of(e, e.need("classes_")), decision, p);
}

}  // namespace

void add_linear(PredictTable& table) {
  for (const char* name : {"LinearRegression",
                           "Ridge",
                           "RidgeCV",
                           "Lasso",
                           "LassoCV",
                           "LassoLars",
                           "LassoLarsCV",
                           "LassoLarsIC",
                           "Lars",
                           "LarsCV",
                           "ElasticNet",
                           "ElasticNetCV",
                           "MultiTaskLasso",
                           "MultiTaskElasticNet",
                           "MultiTaskLassoCV",
                           "MultiTaskElasticNetCV",
                           "HuberRegressor",
                           "SGDRegressor",
                           "LinearSVR",
                           "BayesianRidge",
                           "ARDRegression",
                           "TheilSenRegressor",
                           "OrthogonalMatchingPursuit",
                           "OrthogonalMatchingPursuitCV",
                           "PassiveAggressiveRegressor",
                           "QuantileRegressor"}) {
    table[name] = regression;
  }
  for (const char* name : {"PoissonRegressor", "GammaRegressor", "TweedieRegressor"})
    table[name] = generalized;
  for (const char* name : {"LinearSVC", "Perceptron", "PassiveAggressiveClassifier",
                           "RidgeClassifier", "RidgeClassifierCV"}) {
    table[name] = decided;
  }
  table["LogisticRegression"] = logistic;
  table["LogisticRegressionCV"] = logistic;
  table["LinearDiscriminantAnalysis"] = discriminant;
  table["SGDClassifier"] = stochastic;
}

}  // namespace octet::translate
