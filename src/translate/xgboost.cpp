// XGBoost's models: JSON documents since 1.0, UBJSON since 1.6, in files and in pickles.
#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "base/json.hpp"
#include "octet/error.hpp"
#include "translate/boosters.hpp"

namespace octet::translate {
namespace {

using steps::Apply;
using steps::CategorySplit;
using steps::Compare;
using steps::Forest;
using steps::Side;

[[noreturn]] void damaged(const std::string& fact) {
  throw Error(ErrorCode::invalid_model, "XGBoost model: " + fact);
}

const Json& at(const Json& json, const char* key) {
  const auto found = json.is_object() ? json.find(key) : json.end();
  if (!json.is_object() || found == json.end()) damaged(fmt::format("has no \"{}\"", key));
  return *found;
}

// Numbers are texts in parts of the document.
double number_in(const Json& json) {
  if (json.is_number()) return json.get<double>();
  if (json.is_boolean()) return json.get<bool>() ? 1 : 0;
  if (json.is_null()) return std::nan("");
  if (json.is_string()) {
    const auto& text = json.get_ref<const std::string&>();
    double out = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, problem] = std::from_chars(text.data(), end, out);
    if (problem == std::errc() && stop == end) return out;
  }
  damaged("has something else where a number should be");
}

double number_or(const Json& json, const char* key, double otherwise) {
  const auto found = json.is_object() ? json.find(key) : json.end();
  return !json.is_object() || found == json.end() ? otherwise : number_in(*found);
}

std::vector<double> numbers(const Json& json, const char* key) {
  const Json& list = at(json, key);
  if (!list.is_array()) damaged(fmt::format("\"{}\" is no list", key));
  std::vector<double> out;
  out.reserve(list.size());
  for (const Json& one : list) out.push_back(number_in(one));
  return out;
}

std::vector<double> numbers_or_none(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found == json.end() ? std::vector<double>() : numbers(json, key);
}

std::uint32_t count_in(double number, double most, const char* what) {
  if (!(number >= 0 && number <= most) || std::floor(number) != number)
    damaged(fmt::format("{} is {}", what, number));
  return static_cast<std::uint32_t>(number);
}

const Json& learner_of(const Json& document) {
  const auto inner = document.find("Model");
  return at(inner == document.end() ? document : *inner, "learner");
}

std::string text_at(const Json& json, const char* key) {
  const Json& found = at(json, key);
  if (!found.is_string()) damaged(fmt::format("\"{}\" is no text", key));
  return found.get<std::string>();
}

struct Head {
  std::string objective;
  std::string booster;
  std::uint32_t features = 0;
  std::uint32_t classes = 0;
  std::uint32_t outputs = 1;
  std::vector<double> base;
};

// "5E-1", or from 3.1 on "[1E-1,2E-1]".
std::vector<double> base_scores(const std::string& text) {
  std::vector<double> out;
  std::string_view rest = text;
  if (rest.starts_with('[') && rest.ends_with(']')) rest = rest.substr(1, rest.size() - 2);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(','), rest.size());
    out.push_back(number_in(std::string(rest.substr(0, end))));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return out;
}

bool is_one_of(const std::string& word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

bool has_log_link(const std::string& objective) {
  return is_one_of(objective,
                   {"count:poisson", "reg:gamma", "reg:tweedie", "survival:cox", "survival:aft"});
}

bool is_logistic(const std::string& objective) {
  return is_one_of(objective, {"binary:logistic", "reg:logistic"});
}

Head head_of(const Json& learner) {
  Head out;
  const Json& param = at(learner, "learner_model_param");
  out.objective = text_at(at(learner, "objective"), "name");
  out.booster = text_at(at(learner, "gradient_booster"), "name");
  out.features = count_in(number_in(at(param, "num_feature")), 1e6, "num_feature");
  out.classes = count_in(number_or(param, "num_class", 0), 1e5, "num_class");
  const std::uint32_t targets = count_in(number_or(param, "num_target", 1), 1e5, "num_target");
  out.outputs = std::max({out.classes, targets, 1U});
  out.base =
      base_scores(at(param, "base_score").is_string() ? text_at(param, "base_score") : "0.5");
  // The score is in the space of predictions; trees add up before the link.
  for (double& score : out.base) {
    if (is_logistic(out.objective)) score = -std::log(1 / score - 1);
    if (has_log_link(out.objective)) score = std::log(score);
    score = static_cast<double>(static_cast<float>(score));
  }
  if (out.base.size() == 1) out.base.assign(out.outputs, out.base[0]);
  if (out.base.size() != out.outputs) damaged("base_score does not fit its outputs");
  return out;
}

class TreeReader {
 public:
  TreeReader(const Json& tree, double scale, std::uint32_t output, Forest& into)
      : tree_(tree),
        into_(into),
        scale_(scale),
        output_(output),
        left_(numbers(tree, "left_children")),
        right_(numbers(tree, "right_children")),
        feature_(numbers(tree, "split_indices")),
        condition_(numbers(tree, "split_conditions")),
        default_left_(numbers(tree, "default_left")),
        kind_(numbers_or_none(tree, "split_type")) {
    const std::size_t n = left_.size();
    if (n == 0 || right_.size() != n || feature_.size() != n || condition_.size() != n ||
        default_left_.size() != n || (!kind_.empty() && kind_.size() != n)) {
      damaged("a tree whose lists differ in length");
    }
    read_categories();
  }

  void read() {
    const std::size_t n = left_.size();
    if (into_.leaf_weights > 1) read_vectors();
    // Nodes that were pruned away stay in the lists, so only what is reached is kept.
    std::vector<std::uint32_t> place(n, UINT32_MAX);
    std::vector<std::size_t> order = {0};
    place[0] = static_cast<std::uint32_t>(into_.nodes.size());
    into_.roots.push_back(place[0]);
    for (std::size_t i = 0; i < order.size(); ++i) {
      if (left_[order[i]] == -1) continue;
      for (const double child : {left_[order[i]], right_[order[i]]}) {
        if (!(child > 0 && child < static_cast<double>(n)))
          damaged("a tree with a node that leads nowhere");
        const auto index = static_cast<std::size_t>(child);
        if (place[index] != UINT32_MAX) damaged("a tree with a node that has two parents");
        place[index] = place[0] + static_cast<std::uint32_t>(order.size());
        order.push_back(index);
      }
    }
    for (const std::size_t i : order) add(i, place);
  }

 private:
  void read_categories() {
    const std::vector<double> nodes = numbers_or_none(tree_, "categories_nodes");
    const std::vector<double> segments = numbers_or_none(tree_, "categories_segments");
    const std::vector<double> sizes = numbers_or_none(tree_, "categories_sizes");
    const std::vector<double> all = numbers_or_none(tree_, "categories");
    if (segments.size() != nodes.size() || sizes.size() != nodes.size())
      damaged("categories whose lists differ in length");
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const double end = segments[i] + sizes[i];
      if (!(segments[i] >= 0 && sizes[i] >= 0 && end <= static_cast<double>(all.size())))
        damaged("categories outside of their list");
      std::set<std::uint32_t>& set = sets_[static_cast<std::int64_t>(nodes[i])];
      for (auto c = static_cast<std::size_t>(segments[i]); c < static_cast<std::size_t>(end); ++c)
        set.insert(count_in(all[c], 4e9, "a category"));
    }
  }

  // A leaf's vector: by its number in 3.1 and later, in base_weights before.
  void read_vectors() {
    vectors_ = numbers_or_none(tree_, "leaf_weights");
    by_leaf_ = !vectors_.empty();
    if (!by_leaf_) vectors_ = numbers(tree_, "base_weights");
    for (double& one : vectors_) one = static_cast<double>(static_cast<float>(one));
  }

  void add(std::size_t i, const std::vector<std::uint32_t>& place) {
    Forest::Node node;
    if (left_[i] == -1) {
      node.left = static_cast<std::uint32_t>(into_.weights.size());
      node.right = into_.leaf_weights > 1 ? 0 : output_;
      if (into_.leaf_weights == 1) {
        into_.weights.push_back(
            static_cast<double>(static_cast<float>(condition_[i]) * static_cast<float>(scale_)));
      } else {
        const double first = (by_leaf_ ? right_[i] : static_cast<double>(i)) * into_.leaf_weights;
        if (!(first >= 0 && first + into_.leaf_weights <= static_cast<double>(vectors_.size())))
          damaged("a leaf whose vector is not there");
        for (std::uint32_t w = 0; w < into_.leaf_weights; ++w)
          into_.weights.push_back(vectors_[static_cast<std::size_t>(first) + w] * scale_);
      }
      into_.nodes.push_back(node);
      return;
    }
    node.feature = count_in(feature_[i], into_.features - 1.0, "a feature of a tree");
    node.left = place[static_cast<std::size_t>(left_[i])];
    node.right = place[static_cast<std::size_t>(right_[i])];
    node.missing = default_left_[i] != 0 ? Side::left : Side::right;
    if (!kind_.empty() && kind_[i] == 1) {
      node.split = Forest::Split::categories;  // those of the set go right, all others left
      node.category = static_cast<std::uint32_t>(into_.category_splits.size());
      const std::set<std::uint32_t>& set = sets_[static_cast<std::int64_t>(i)];
      CategorySplit split;
      split.right.assign(set.begin(), set.end());
      split.others = Side::left;
      split.missing = node.missing;
      into_.category_splits.push_back(std::move(split));
    } else {
      node.split = Forest::Split::below;
      if (std::isnan(condition_[i])) damaged("a threshold that is no number");
      node.threshold = static_cast<double>(static_cast<float>(condition_[i]));
    }
    into_.nodes.push_back(node);
  }

  const Json& tree_;
  Forest& into_;
  double scale_;
  std::uint32_t output_;
  std::vector<double> left_, right_, feature_, condition_, default_left_, kind_;
  std::map<std::int64_t, std::set<std::uint32_t>> sets_;
  std::vector<double> vectors_;
  bool by_leaf_ = false;
};

// Of dart, 1.7 to 3.0 wrap the trees once more than later versions.
const Json& trees_model(const Json& booster) {
  if (booster.contains("gbtree")) return at(at(booster, "gbtree"), "model");
  return at(booster, "model");
}

std::size_t trees_kept(const Json& learner, const Json& model, const Head& head,
                       Iterations iterations, std::size_t all) {
  const auto attributes = learner.find("attributes");
  const bool stopped = attributes != learner.end() && attributes->contains("best_iteration");
  if (!stopped || iterations == Iterations::all) return all;
  const double rounds = number_in(attributes->at("best_iteration")) + 1;
  double trees = rounds * head.outputs *
                 std::max(1.0, number_or(at(model, "gbtree_model_param"), "num_parallel_tree", 1));
  const std::vector<double> ends = numbers_or_none(model, "iteration_indptr");
  if (!ends.empty() && rounds < static_cast<double>(ends.size()))
    trees = ends[static_cast<std::size_t>(rounds)];
  return static_cast<std::size_t>(std::clamp(trees, 0.0, static_cast<double>(all)));
}

ValueId tree_margin(const Json& learner, const Head& head, Builder& b, ValueId x,
                    Iterations iterations) {
  const Json& booster = at(learner, "gradient_booster");
  const Json& model = trees_model(booster);
  const Json& trees = at(model, "trees");
  const std::vector<double> outputs = numbers(model, "tree_info");
  if (!trees.is_array() || trees.size() != outputs.size()) damaged("tree_info does not fit");
  std::vector<double> weights = numbers_or_none(booster, "weight_drop");
  if (!weights.empty() && weights.size() != trees.size()) damaged("weight_drop does not fit");
  Forest forest;
  forest.features = head.features;
  forest.outputs = head.outputs;
  forest.base = head.base;
  const std::size_t kept = trees_kept(learner, model, head, iterations, trees.size());
  for (std::size_t i = 0; i < kept; ++i) {
    const double vector = number_or(at(trees[i], "tree_param"), "size_leaf_vector", 1);
    const std::uint32_t size = std::max(1U, count_in(vector, 1e5, "size_leaf_vector"));
    if (i == 0) forest.leaf_weights = size;
    if (size != forest.leaf_weights || (size > 1 && size != forest.outputs))
      damaged("trees with leaves of different sizes");
    TreeReader(trees[i], weights.empty() ? 1 : weights[i],
               count_in(outputs[i], head.outputs - 1.0, "the output of a tree"), forest)
        .read();
  }
  return b.trees(x, std::move(forest));
}

ValueId linear_margin(const Json& learner, const Head& head, Builder& b, ValueId x) {
  const Json& model = at(at(learner, "gradient_booster"), "model");
  std::vector<double> all = numbers(model, "weights");
  for (double& one : all) one = static_cast<double>(static_cast<float>(one));  // as UBJSON has it
  Matrix weights{head.features, head.outputs, {}};
  if (all.size() != (head.features + std::size_t{1}) * head.outputs)
    damaged("its weights do not fit its features");
  weights.numbers.assign(all.begin(), all.end() - head.outputs);
  std::vector<double> bias(all.end() - head.outputs, all.end());
  for (std::size_t i = 0; i < bias.size(); ++i) bias[i] += head.base[i];
  const ValueId filled = b.choose(b.is_missing(x), b.constant(0), x);
  return b.affine(filled, std::move(weights), std::move(bias));
}

// JSON has no NaN, XGBoost's has.
std::string with_null(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 64);
  bool in_text = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (in_text && text[i] == '\\' && i + 1 < text.size()) {
      out += text[i++];
    } else if (text[i] == '"') {
      in_text = !in_text;
    } else if (!in_text && text.substr(i, 3) == "NaN") {
      out += "null";
      i += 2;
      continue;
    }
    out += text[i];
  }
  return out;
}

}  // namespace

Json read_xgboost_json(std::string_view text) {
  constexpr std::size_t depth = 32;
  return base::parse_json(text.find("NaN") == std::string_view::npos ? text : with_null(text),
                          "XGBoost model", {depth, std::size_t{1} << 31U});
}

steps::Labels counted_labels(std::size_t count) {
  steps::Labels out;
  for (std::size_t i = 0; i < count; ++i) out.numbers.push_back(static_cast<std::int64_t>(i));
  return out;
}

BoosterHead xgboost_head(const Json& document) {
  if (!document.is_object()) damaged("is no object");
  if (document.contains("oblivious_trees") || document.contains("features_info")) {
    throw Error(ErrorCode::unsupported,
                "a model of CatBoost; save it with format=\"onnx\" instead");
  }
  const Json& learner = learner_of(document);
  const Head head = head_of(learner);
  BoosterHead out;
  out.features = head.features;
  const auto names = learner.find("feature_names");
  if (names != learner.end() && names->is_array()) {
    for (const Json& name : *names)
      out.names.push_back(name.is_string() ? name.get<std::string>() : "");
  }
  const auto inner = document.find("Model");
  const Json& top = inner == document.end() ? document : *inner;
  if (top.contains("version") && at(top, "version").is_array()) {
    std::string version;
    for (const Json& part : at(top, "version"))
      version += fmt::format("{}{}", version.empty() ? "" : ".", number_in(part));
    out.versions.push_back("XGBoost " + version);
  }
  out.summary = fmt::format("{}, {}", head.booster, head.objective);
  if (head.booster != "gblinear") {
    out.summary +=
        fmt::format(", {} trees", at(trees_model(at(learner, "gradient_booster")), "trees").size());
  }
  return out;
}

Prediction predict_xgboost(const Json& document, Translator& t, ValueId x, Iterations iterations) {
  Builder& b = t.build();
  const Json& learner = learner_of(document);
  const Head head = head_of(learner);
  if (!is_one_of(head.booster, {"gbtree", "dart", "gblinear"})) {
    throw Error(ErrorCode::unsupported,
                fmt::format("booster {} of XGBoost is not supported", head.booster));
  }
  const ValueId margin = head.booster == "gblinear" ? linear_margin(learner, head, b, x)
                                                    : tree_margin(learner, head, b, x, iterations);
  const bool single = head.outputs == 1;
  if (head.objective == "binary:logistic" && single) {
    const ValueId p = b.both(b.apply(Apply::Function::sigmoid, margin));
    return by_decision(t, counted_labels(2), margin, p);
  }
  if (head.objective == "binary:hinge" && single) return by_decision(t, counted_labels(2), margin);
  if (is_one_of(head.objective, {"multi:softprob", "multi:softmax"}))
    return by_decision(t, counted_labels(head.outputs), margin, b.softmax(margin));
  Prediction out;
  out.target = margin;
  if (is_logistic(head.objective)) out.target = b.apply(Apply::Function::sigmoid, margin);
  if (has_log_link(head.objective)) out.target = b.apply(Apply::Function::exp, margin);
  return out;
}

}  // namespace octet::translate
