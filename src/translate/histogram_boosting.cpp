// HistGradientBoosting: its own trees, with learned ways for missing values and sets of categories.
#include <algorithm>
#include <cmath>
#include <map>

#include "translate/translator.hpp"

namespace octet::translate {
namespace {

using steps::Apply;
using steps::CategorySplit;
using steps::Forest;
using steps::Side;

using Known = std::map<std::uint32_t, std::vector<std::uint32_t>>;  // categories by feature

// Categories that training saw; others go where missing values go.
Known known_categories(const Estimator& e) {
  Known out;
  const char* const key = e.has("_bin_mapper") ? "_bin_mapper" : "bin_mapper_";
  if (!e.has(key)) return out;
  const Estimator mapper(e.records(), e.need(key), e.place() + " " + key);
  if (!mapper.has("is_categorical_")) return out;
  const std::vector<double> is_categorical = mapper.numbers("is_categorical_");
  const std::vector<Ref> bins = mapper.items("bin_thresholds_");
  for (std::uint32_t f = 0; f < is_categorical.size() && f < bins.size(); ++f) {
    if (is_categorical[f] == 0) continue;
    const auto values = trained::numbers_of(e.records(), bins[f]);
    if (!values) e.damaged("its categories are no numbers");
    for (const double value : values->numbers) {
      if (value >= 0 && value < 4e9) out[f].push_back(static_cast<std::uint32_t>(value));
    }
  }
  return out;
}

struct Columns {
  std::vector<double> left, right, feature, threshold, value, is_leaf, missing_left;
  std::vector<double> is_categorical, bitset;
};

Columns columns_of(const Estimator& tree) {
  const Ref nodes = tree.need("nodes");
  const auto field = [&](const char* name, const char* other = nullptr) {
    auto out = trained::field_of(tree.records(), nodes, name);
    if (!out && other != nullptr) out = trained::field_of(tree.records(), nodes, other);
    if (!out) tree.damaged(std::string("its nodes have no ") + name);
    return std::move(*out);
  };
  Columns out{field("left"),
              field("right"),
              field("feature_idx"),
              field("num_threshold", "threshold"),
              field("value"),
              field("is_leaf"),
              field("missing_go_to_left"),
              {},
              {}};
  if (auto flags = trained::field_of(tree.records(), nodes, "is_categorical")) {
    out.is_categorical = std::move(*flags);
    out.bitset = field("bitset_idx");
  }
  return out;
}

CategorySplit split_of(const Estimator& tree, const Matrix& bitsets, double which,
                       const std::vector<std::uint32_t>* known, bool missing_left) {
  if (!(which >= 0 && which < static_cast<double>(bitsets.rows)))
    tree.damaged("a node names a set that is not there");
  const auto row = static_cast<std::size_t>(which);
  CategorySplit out;
  out.missing = missing_left ? Side::left : Side::right;
  out.others = out.missing;
  for (std::uint32_t c = 0; c < 32 * bitsets.columns; ++c) {
    const auto word = static_cast<std::uint64_t>(bitsets.at(row, c / 32));
    if ((word >> (c % 32U) & 1U) != 0)
      out.left.push_back(c);
    else if (known == nullptr || std::ranges::find(*known, c) != known->end())
      out.right.push_back(c);
  }
  return out;
}

void read(const Estimator& tree, const Known& known, std::uint32_t output, Forest& into) {
  const Columns nodes = columns_of(tree);
  Matrix bitsets;
  if (!nodes.bitset.empty() && tree.has("raw_left_cat_bitsets"))
    bitsets = tree.matrix("raw_left_cat_bitsets");
  const auto begin = static_cast<std::uint32_t>(into.nodes.size());
  const std::size_t count = nodes.left.size();
  if (count == 0) tree.damaged("has no nodes");
  into.roots.push_back(begin);
  for (std::size_t i = 0; i < count; ++i) {
    Forest::Node node;
    if (nodes.is_leaf[i] != 0) {
      node.left = static_cast<std::uint32_t>(into.weights.size());
      node.right = output;
      into.weights.push_back(nodes.value[i]);
      into.nodes.push_back(node);
      continue;
    }
    for (const double child : {nodes.left[i], nodes.right[i]}) {
      if (!(child > static_cast<double>(i) && child < static_cast<double>(count)))
        tree.damaged("has a node that leads nowhere");
    }
    if (!(nodes.feature[i] >= 0 && nodes.feature[i] < into.features))
      tree.damaged("asks for a feature that is not there");
    node.feature = static_cast<std::uint32_t>(nodes.feature[i]);
    node.left = begin + static_cast<std::uint32_t>(nodes.left[i]);
    node.right = begin + static_cast<std::uint32_t>(nodes.right[i]);
    const bool missing_left = nodes.missing_left[i] != 0;
    node.missing = missing_left ? Side::left : Side::right;
    if (!nodes.is_categorical.empty() && nodes.is_categorical[i] != 0) {
      node.split = Forest::Split::categories;
      node.category = static_cast<std::uint32_t>(into.category_splits.size());
      const auto found = known.find(node.feature);
      into.category_splits.push_back(split_of(tree, bitsets, nodes.bitset[i],
                                              found == known.end() ? nullptr : &found->second,
                                              missing_left));
    } else {
      node.split = Forest::Split::at_most;
      node.threshold = nodes.threshold[i];
      if (std::isnan(node.threshold)) tree.damaged("has a threshold that is no number");
    }
    into.nodes.push_back(node);
  }
}

ValueId raw_scores(Translator& t, const Estimator& e, const Frame& frame) {
  Frame features = frame;
  if (e.has("_preprocessor"))
    features = t.transform(e.need("_preprocessor"), frame, e.place() + " _preprocessor");
  const Known known = known_categories(e);
  Forest forest;
  forest.features = static_cast<std::uint32_t>(features.size());
  forest.float_features = false;
  forest.base = e.numbers("_baseline_prediction");
  const std::vector<Ref> rounds = e.items("_predictors");
  if (rounds.empty()) e.damaged("has no trees");
  forest.outputs = static_cast<std::uint32_t>(forest.base.size());
  for (const Ref round : rounds) {
    const auto trees = trained::items_of(e.records(), round);
    if (!trees || trees->size() != forest.outputs) e.damaged("_predictors do not fit its outputs");
    for (std::uint32_t k = 0; k < forest.outputs; ++k)
      read(Estimator(e.records(), (*trees)[k], e.place() + " tree"), known, k, forest);
  }
  return t.build().trees(t.numbers(e, features), std::move(forest));
}

Prediction regressor(Translator& t, const Estimator& e, const Frame& frame) {
  Prediction out;
  out.target = raw_scores(t, e, frame);
  const std::string loss = e.text_or("loss", "squared_error");
  if (loss == "poisson" || loss == "gamma")
    out.target = t.build().apply(Apply::Function::exp, *out.target);
  return out;
}

Prediction classifier(Translator& t, const Estimator& e, const Frame& frame) {
  Builder& b = t.build();
  const ValueId raw = raw_scores(t, e, frame);
  const ValueId p =
      b.width(raw) == 1 ? b.both(b.apply(Apply::Function::sigmoid, raw)) : b.softmax(raw);
  return by_decision(t, labels_of(e, e.need("classes_")), raw, p);
}

}  // namespace

void add_histogram_boosting(PredictTable& table) {
  table["HistGradientBoostingRegressor"] = regressor;
  table["HistGradientBoostingClassifier"] = classifier;
}

}  // namespace octet::translate
