// GradientBoosting: trees that add up.
#include <algorithm>
#include <cmath>
#include <limits>

#include "translate/translator.hpp"
#include "translate/tree_reader.hpp"

namespace octet::translate {
namespace {

using steps::Apply;
using steps::Forest;

// The trees of all stages; `base` is what they are added to.
ValueId stages(Translator& t, const Estimator& e, const Frame& frame, std::vector<double> base) {
  const std::vector<Ref> trees = e.items("estimators_");
  const std::vector<std::uint64_t> shape = e.shape("estimators_");
  if (shape.size() != 2 || shape[1] == 0) e.damaged("estimators_ is no matrix");
  const double rate = e.number("learning_rate");
  Forest forest;
  forest.features = static_cast<std::uint32_t>(frame.size());
  forest.outputs = static_cast<std::uint32_t>(shape[1]);
  forest.base = std::move(base);
  if (!forest.base.empty() && forest.base.size() != forest.outputs)
    e.damaged("its starting values do not fit its trees");
  TreeReading how;
  how.features = forest.features;
  how.weights = [rate](const TreeLeaf& leaf) { return std::vector<double>{rate * leaf.values[0]}; };
  for (std::size_t i = 0; i < trees.size(); ++i) {
    how.first_output = static_cast<std::uint32_t>(i % shape[1]);
    read_tree(Estimator(e.records(), trees[i], e.place() + " tree"), how, forest);
  }
  return t.build().trees(t.numbers(e, frame), std::move(forest));
}

bool starts_at_zero(const Estimator& e) {
  return trained::text_of(e.records(), e.need("init_")) == "zero";
}

Prediction regressor(Translator& t, const Estimator& e, const Frame& frame) {
  Prediction out;
  if (starts_at_zero(e)) {
    out.target = stages(t, e, frame, {});
    return out;
  }
  const Estimator init(e.records(), e.need("init_"), e.place() + " init_");
  if (init.name() == "DummyRegressor") {
    out.target = stages(t, e, frame, {init.numbers("constant_").at(0)});
    return out;
  }
  const auto first = t.predict(e.need("init_"), frame, e.place() + " init_").target;
  if (!first) e.refuse("its init_ is no regressor");
  out.target = t.build().add(stages(t, e, frame, {}), *first);
  return out;
}

std::vector<double> first_scores(const Estimator& e, std::size_t outputs) {
  if (starts_at_zero(e)) return std::vector<double>(outputs);
  const Estimator init(e.records(), e.need("init_"), e.place() + " init_");
  if (init.name() != "DummyClassifier" || init.text_or("strategy", "prior") != "prior")
    e.refuse("an init that is not its default is not supported for classifiers");
  constexpr double least = std::numeric_limits<float>::epsilon();
  std::vector<double> p = init.numbers("class_prior_");
  for (double& one : p) one = std::clamp(one, least, 1 - least);
  if (outputs == 1) {
    if (p.size() != 2) e.damaged("its priors do not fit");
    const double odds = std::log(p[1] / (1 - p[1]));
    return {e.text_or("loss", "log_loss") == "exponential" ? odds / 2 : odds};
  }
  for (double& one : p) one = std::log(one);
  if (e.version() >= 104) {  // symmetric since 1.4
    double mean = 0;
    for (const double one : p) mean += one / static_cast<double>(p.size());
    for (double& one : p) one -= mean;
  }
  return p;
}

Prediction classifier(Translator& t, const Estimator& e, const Frame& frame) {
  Builder& b = t.build();
  const std::vector<std::uint64_t> shape = e.shape("estimators_");
  if (shape.size() != 2) e.damaged("estimators_ is no matrix");
  const ValueId raw = stages(t, e, frame, first_scores(e, shape[1]));
  steps::Labels labels = labels_of(e, e.need("classes_"));
  if (b.width(raw) > 1) return by_decision(t, std::move(labels), raw, b.softmax(raw));
  const bool exponential = e.text_or("loss", "log_loss") == "exponential";
  const ValueId x = exponential ? b.times(raw, 2) : raw;
  return by_decision(t, std::move(labels), raw, b.both(b.apply(Apply::Function::sigmoid, x)));
}

}  // namespace

void add_boosting(PredictTable& table) {
  table["GradientBoostingRegressor"] = regressor;
  table["GradientBoostingClassifier"] = classifier;
}

}  // namespace octet::translate
