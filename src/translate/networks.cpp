// Multi-layer perceptrons: plain MatMuls, which quantize can compute in INT8.
#include <map>

#include "translate/translator.hpp"

namespace octet::translate {
namespace {

using steps::Apply;
using steps::Compare;

ValueId layers(Translator& t, const Estimator& e, const Frame& frame) {
  Builder& b = t.build();
  static const std::map<std::string, Apply::Function> activations = {
      {"relu", Apply::Function::relu},
      {"tanh", Apply::Function::tanh},
      {"logistic", Apply::Function::sigmoid}};
  const std::string activation = e.text("activation");
  if (activation != "identity" && !activations.contains(activation))
    e.refuse("activation " + activation + " is not supported");
  const std::vector<Ref> weights = e.items("coefs_");
  const std::vector<Ref> biases = e.items("intercepts_");
  if (weights.empty() || weights.size() != biases.size())
    e.damaged("coefs_ and intercepts_ do not fit");
  ValueId x = t.numbers(e, frame);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    Matrix w = matrix_of(e, weights[i]);
    Matrix bias = matrix_of(e, biases[i]);
    if (w.rows != b.width(x) || bias.numbers.size() != w.columns)
      e.damaged("coefs_ and intercepts_ do not fit");
    x = b.affine(x, std::move(w), std::move(bias.numbers));
    if (i + 1 < weights.size() && activation != "identity")
      x = b.apply(activations.at(activation), x);
  }
  return x;
}

Prediction regressor(Translator& t, const Estimator& e, const Frame& frame) {
  Prediction out;
  out.target = layers(t, e, frame);
  const std::string last = e.text_or("out_activation_", "identity");
  if (last == "exp") out.target = t.build().apply(Apply::Function::exp, *out.target);
  if (last != "exp" && last != "identity") e.refuse("output activation " + last);
  return out;
}

Prediction classifier(Translator& t, const Estimator& e, const Frame& frame) {
  Builder& b = t.build();
  const ValueId x = layers(t, e, frame);
  steps::Labels labels = labels_of(e, e.need("classes_"));
  if (e.text("out_activation_") == "softmax")
    return by_probabilities(t, std::move(labels), b.softmax(x));
  const ValueId p = b.apply(Apply::Function::sigmoid, x);
  const Estimator binarizer(e.records(), e.need("_label_binarizer"), e.place());
  if (binarizer.text_or("y_type_", "") == "multilabel-indicator") {
    Prediction out;
    out.flags = b.compare(Compare::Relation::greater, p, {0.5});
    out.probabilities = p;
    return out;
  }
  Prediction out;
  out.labels = std::move(labels);
  out.probabilities = b.both(p);
  out.index = b.compare(Compare::Relation::greater, p, {0.5});
  return out;
}

}  // namespace

void add_networks(PredictTable& table) {
  table["MLPRegressor"] = regressor;
  table["MLPClassifier"] = classifier;
}

}  // namespace octet::translate
