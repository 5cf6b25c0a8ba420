// Decision trees, forests, extra trees, isolation forests.
#include <cmath>
#include <numbers>
#include <numeric>

#include "translate/translator.hpp"
#include "translate/tree_reader.hpp"

namespace octet::translate {
namespace {

using steps::Apply;
using steps::Compare;
using steps::Forest;

// A single tree is a forest of one.
std::vector<Estimator> trees_of(const Estimator& e) {
  if (e.find("tree_") != no_ref) return {e};
  std::vector<Estimator> out;
  for (const Ref tree : e.items("estimators_"))
    out.emplace_back(e.records(), tree, e.place() + " tree");
  if (out.empty()) e.damaged("has no trees");
  return out;
}

Forest empty_forest(const std::vector<Estimator>& trees, const Frame& frame,
                    std::uint32_t outputs) {
  Forest out;
  out.features = static_cast<std::uint32_t>(frame.size());
  out.outputs = outputs;
  out.leaf_weights = outputs;
  out.average = trees.size() > 1;
  return out;
}

Prediction regressor(Translator& t, const Estimator& e, const Frame& frame) {
  const std::vector<Estimator> trees = trees_of(e);
  const auto outputs = static_cast<std::uint32_t>(tree_shape(trees[0])[1]);
  Forest forest = empty_forest(trees, frame, outputs);
  TreeReading how;
  how.features = forest.features;
  how.weights = [outputs](const TreeLeaf& leaf) {
    std::vector<double> out(leaf.values.begin(), leaf.values.end());
    out.resize(outputs);
    return out;
  };
  for (const Estimator& tree : trees) read_tree(tree, how, forest);
  Prediction out;
  out.target = t.build().trees(t.numbers(e, frame), std::move(forest));
  return out;
}

// Shares of the classes: counts before scikit-learn 1.3, shares since.
std::vector<double> shares(std::span<const double> counts) {
  std::vector<double> out(counts.begin(), counts.end());
  const double sum = std::accumulate(out.begin(), out.end(), 0.0);
  if (sum != 0) {
    for (double& one : out) one /= sum;
  }
  return out;
}

ValueId class_shares(Translator& t, const Estimator& e, const std::vector<Estimator>& trees,
                     const Frame& frame, std::size_t output, std::size_t classes) {
  Forest forest = empty_forest(trees, frame, static_cast<std::uint32_t>(classes));
  TreeReading how;
  how.features = forest.features;
  const std::size_t stride = tree_shape(trees[0])[2];
  if (classes > stride) e.damaged("its trees have fewer classes than it has");
  how.weights = [=](const TreeLeaf& leaf) {
    return leaf.values.size() < output * stride + classes
               ? std::vector<double>(classes)
               : shares(leaf.values.subspan(output * stride, classes));
  };
  for (const Estimator& tree : trees) read_tree(tree, how, forest);
  return t.build().trees(t.numbers(e, frame), std::move(forest));
}

Prediction classifier(Translator& t, const Estimator& e, const Frame& frame) {
  const std::vector<Estimator> trees = trees_of(e);
  if (tree_shape(trees[0])[1] == 1) {
    steps::Labels labels = labels_of(e, e.need("classes_"));
    const std::size_t count = labels.size();
    return by_probabilities(t, std::move(labels), class_shares(t, e, trees, frame, 0, count));
  }
  Prediction out;
  const std::vector<Ref> classes = e.items("classes_");
  if (classes.size() > tree_shape(trees[0])[1])
    e.damaged("its trees have fewer outputs than it has");
  for (std::size_t i = 0; i < classes.size(); ++i) {
    steps::Labels labels = labels_of(e, classes[i]);
    const std::size_t count = labels.size();
    out.several.push_back(
        by_probabilities(t, std::move(labels), class_shares(t, e, trees, frame, i, count)));
  }
  return out;
}

// Mean length of the path to a leaf in a random tree of n samples.
double mean_path(double n) {
  if (n <= 1) return 0;
  if (n <= 2) return 1;
  return 2 * (std::log(n - 1) + std::numbers::egamma) - 2 * (n - 1) / n;
}

Prediction isolation(Translator& t, const Estimator& e, const Frame& frame) {
  Builder& b = t.build();
  const std::vector<Estimator> trees = trees_of(e);
  const std::vector<Ref> columns = e.items("estimators_features_");
  if (columns.size() != trees.size()) e.damaged("estimators_features_ do not fit");
  Forest forest = empty_forest(trees, frame, 1);
  forest.average = false;
  for (std::size_t i = 0; i < trees.size(); ++i) {
    TreeReading how;
    how.features = forest.features;
    const auto own = trained::numbers_of(e.records(), columns[i]);
    if (!own) e.damaged("estimators_features_ are no numbers");
    for (const double column : own->numbers) {
      if (!(column >= 0 && column < forest.features)) e.damaged("estimators_features_ do not fit");
      how.columns.push_back(static_cast<std::uint32_t>(column));
    }
    how.weights = [](const TreeLeaf& leaf) {
      return std::vector<double>{leaf.depth + mean_path(leaf.samples)};
    };
    read_tree(trees[i], how, forest);
  }
  const double samples =
      e.find("_max_samples") != no_ref ? e.number("_max_samples") : e.number("max_samples_");
  const double norm = static_cast<double>(trees.size()) * mean_path(samples);
  const ValueId depth = b.trees(t.numbers(e, frame), std::move(forest));
  const ValueId raised = b.apply(Apply::Function::exp, b.times(depth, -std::numbers::ln2 / norm));
  const ValueId decision = b.plus(b.negate(raised), -e.number("offset_"));
  Prediction out;
  out.labels.numbers = {1, -1};
  out.index = b.compare(Compare::Relation::less, decision, {0});
  out.scores = decision;
  return out;
}

}  // namespace

void add_trees(PredictTable& table) {
  for (const char* name : {"DecisionTreeRegressor", "ExtraTreeRegressor", "RandomForestRegressor",
                           "ExtraTreesRegressor"}) {
    table[name] = regressor;
  }
  for (const char* name : {"DecisionTreeClassifier", "ExtraTreeClassifier",
                           "RandomForestClassifier", "ExtraTreesClassifier"}) {
    table[name] = classifier;
  }
  table["IsolationForest"] = isolation;
}

}  // namespace octet::translate
