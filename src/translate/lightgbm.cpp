// LightGBM's models: lines of key=value, a block for each tree.
#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <map>

#include "octet/error.hpp"
#include "translate/boosters.hpp"

namespace octet::translate {
namespace {

using steps::Apply;
using steps::CategorySplit;
using steps::Forest;
using steps::Side;

[[noreturn]] void damaged(const std::string& fact) {
  throw Error(ErrorCode::invalid_model, "LightGBM model: " + fact);
}

using Block = std::map<std::string_view, std::string_view>;

std::string_view take_line(std::string_view& rest) {
  const std::size_t end = std::min(rest.find('\n'), rest.size());
  std::string_view out = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  if (out.ends_with('\r')) out.remove_suffix(1);
  return out;
}

struct Document {
  Block head;
  std::vector<Block> trees;
};

Document read(std::string_view text) {
  Document out;
  Block* into = &out.head;
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (line == "end of trees") return out;
    if (line.starts_with("Tree=")) {
      out.trees.emplace_back();
      into = &out.trees.back();
      continue;
    }
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos)
      (*into)[line] = "";
    else
      (*into)[line.substr(0, equals)] = line.substr(equals + 1);
  }
  damaged("the end of its trees is missing; the file is cut short");
}

std::string_view need(const Block& block, std::string_view key) {
  const auto found = block.find(key);
  if (found == block.end()) damaged(fmt::format("has no {}", key));
  return found->second;
}

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> out;
  for (;;) {
    const std::size_t begin = text.find_first_not_of(' ');
    if (begin == std::string_view::npos) return out;
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    out.push_back(text.substr(begin, end - begin));
    text.remove_prefix(end);
  }
}

double number(std::string_view word) {
  double out = 0;
  const auto [end, problem] = std::from_chars(word.data(), word.data() + word.size(), out);
  if (problem != std::errc() || end != word.data() + word.size())
    damaged(fmt::format("\"{}\" is no number", word));
  return out;
}

std::vector<double> numbers(const Block& block, std::string_view key) {
  std::vector<double> out;
  const auto found = block.find(key);
  if (found == block.end()) return out;
  for (const std::string_view word : words(found->second)) out.push_back(number(word));
  return out;
}

std::uint32_t count_in(double value, double most, std::string_view what) {
  if (!(value >= 0 && value <= most) || std::floor(value) != value)
    damaged(fmt::format("{} is {}", what, value));
  return static_cast<std::uint32_t>(value);
}

class TreeReader {
 public:
  TreeReader(const Block& tree, std::uint32_t output, Forest& into)
      : tree_(tree),
        into_(into),
        output_(output),
        leaves_(count_in(number(need(tree, "num_leaves")), 1e8, "num_leaves")),
        leaf_values_(numbers(tree, "leaf_value")) {
    if (leaves_ == 0 || leaf_values_.size() != leaves_)
      damaged("leaf_value does not fit num_leaves");
    const auto linear = tree.find("is_linear");
    if (linear != tree.end() && linear->second == "1") {
      throw Error(ErrorCode::unsupported,
                  "LightGBM model: linear_tree (a linear model in each leaf) is not supported");
    }
  }

  void read() {
    begin_ = static_cast<std::uint32_t>(into_.nodes.size());
    inner_ = leaves_ - 1;
    into_.roots.push_back(begin_);
    if (inner_ > 0) read_inner();
    for (std::uint32_t i = 0; i < leaves_; ++i) {
      Forest::Node node;
      node.left = static_cast<std::uint32_t>(into_.weights.size());
      node.right = output_;
      into_.weights.push_back(leaf_values_[i]);
      into_.nodes.push_back(node);
    }
  }

 private:
  void read_inner() {
    feature_ = numbers(tree_, "split_feature");
    threshold_ = numbers(tree_, "threshold");
    decision_ = numbers(tree_, "decision_type");
    left_ = numbers(tree_, "left_child");
    right_ = numbers(tree_, "right_child");
    boundaries_ = numbers(tree_, "cat_boundaries");
    bits_ = numbers(tree_, "cat_threshold");
    for (const auto* list : {&feature_, &threshold_, &decision_, &left_, &right_}) {
      if (list->size() != inner_) damaged("a tree whose lists differ in length");
    }
    std::vector<bool> reached(inner_ + leaves_);
    for (std::uint32_t i = 0; i < inner_; ++i) {
      if (i > 0 && !reached[i]) damaged("a tree with a node that nothing leads to");
      Forest::Node node = inner_node(i);
      node.left = child(left_[i], i, reached);
      node.right = child(right_[i], i, reached);
      into_.nodes.push_back(node);
    }
  }

  // Inner nodes by their number, leaves by the complement of theirs. Children follow their parents,
  // so that every walk ends.
  std::uint32_t child(double number, std::uint32_t parent, std::vector<bool>& reached) const {
    const double place = number >= 0 ? number : inner_ + (-1 - number);
    const bool fits = number >= 0 ? number > parent && number < inner_ : -1 - number < leaves_;
    if (!fits || std::floor(number) != number || reached[static_cast<std::size_t>(place)])
      damaged("a tree with a node that leads nowhere");
    reached[static_cast<std::size_t>(place)] = true;
    return begin_ + static_cast<std::uint32_t>(place);
  }

  Forest::Node inner_node(std::uint32_t i) {
    Forest::Node node;
    node.feature = count_in(feature_[i], into_.features - 1.0, "a feature of a tree");
    const std::uint32_t decision = count_in(decision_[i], 255, "decision_type");
    const bool default_left = (decision & 2U) != 0;
    const std::uint32_t missing = decision >> 2U & 3U;  // 0: none, 1: zero, 2: NaN
    if ((decision & 1U) != 0) {
      node.split = Forest::Split::categories;
      node.category = static_cast<std::uint32_t>(into_.category_splits.size());
      into_.category_splits.push_back(category_split(threshold_[i]));
      return node;
    }
    node.threshold = threshold_[i];
    if (std::isnan(node.threshold)) damaged("a threshold that is no number");
    node.split = missing == 1 ? Forest::Split::at_most_nonzero : Forest::Split::at_most;
    const bool left = missing == 0 ? 0 <= node.threshold : default_left;  // NaN counts as 0
    node.missing = left ? Side::left : Side::right;
    return node;
  }

  // Those of the set go left; missing, negative and unseen ones right.
  CategorySplit category_split(double index) const {
    const std::uint32_t which = count_in(index, 1e8, "a set of categories");
    if (which + std::size_t{1} >= boundaries_.size())
      damaged("a set of categories that is not there");
    const double begin = boundaries_[which];
    const double end = boundaries_[which + 1];
    if (!(begin >= 0 && begin <= end && end <= static_cast<double>(bits_.size())))
      damaged("a set of categories outside of its list");
    CategorySplit out;
    out.truncates = true;
    for (auto w = static_cast<std::size_t>(begin); w < static_cast<std::size_t>(end); ++w) {
      const std::uint32_t word = count_in(bits_[w], UINT32_MAX, "a set of categories");
      for (std::uint32_t bit = 0; bit < 32; ++bit) {
        if ((word >> bit & 1U) != 0)
          out.left.push_back(static_cast<std::uint32_t>(w - static_cast<std::size_t>(begin)) * 32 +
                             bit);
      }
    }
    return out;
  }

  const Block& tree_;
  Forest& into_;
  std::uint32_t output_;
  std::uint32_t leaves_;
  std::uint32_t inner_ = 0;
  std::uint32_t begin_ = 0;
  std::vector<double> leaf_values_, feature_, threshold_, decision_, left_, right_, boundaries_,
      bits_;
};

struct Objective {
  std::string_view name;
  double sigmoid = 1;
  bool is_sqrt = false;
};

Objective objective_of(const Block& head) {
  Objective out;
  const auto found = head.find("objective");
  if (found == head.end()) return out;
  const auto all = words(found->second);
  if (!all.empty()) out.name = all[0];
  for (const std::string_view word : all) {
    if (word.starts_with("sigmoid:")) out.sigmoid = number(word.substr(8));
    if (word == "sqrt") out.is_sqrt = true;
  }
  return out;
}

}  // namespace

BoosterHead lightgbm_head(std::string_view text) {
  const Document document = read(text);
  BoosterHead out;
  out.features =
      count_in(number(need(document.head, "max_feature_idx")), 1e6, "max_feature_idx") + 1;
  const auto names = document.head.find("feature_names");
  if (names != document.head.end()) {
    for (const std::string_view name : words(names->second)) out.names.emplace_back(name);
  }
  if (document.head.contains("version"))
    out.versions.push_back(fmt::format("LightGBM, format {}", document.head.at("version")));
  const std::string_view objective = objective_of(document.head).name;
  out.summary = fmt::format("{}, {} trees", objective.empty() ? "no objective" : objective,
                            document.trees.size());
  return out;
}

Prediction predict_lightgbm(std::string_view text, Translator& t, ValueId x, std::size_t rounds) {
  Builder& b = t.build();
  const Document document = read(text);
  const Block& head = document.head;
  const Objective objective = objective_of(head);
  Forest forest;
  forest.features = b.width(x);
  forest.outputs =
      count_in(number(need(head, "num_tree_per_iteration")), 1e5, "num_tree_per_iteration");
  if (forest.outputs == 0) damaged("has no outputs");
  forest.float_features = false;
  const std::size_t kept = rounds == 0 ? document.trees.size()
                                       : std::min(document.trees.size(), rounds * forest.outputs);
  for (std::size_t i = 0; i < kept; ++i)
    TreeReader(document.trees[i], static_cast<std::uint32_t>(i % forest.outputs), forest).read();
  const std::uint32_t outputs = forest.outputs;
  if (forest.roots.empty()) damaged("has no trees");
  const auto iterations = static_cast<double>(kept / outputs);
  ValueId raw = b.trees(x, std::move(forest));
  if (head.contains("average_output")) raw = b.divide(raw, b.constant(iterations));
  const std::string_view name = objective.name;
  const auto sigmoid = [&] {
    return b.apply(Apply::Function::sigmoid, b.times(raw, objective.sigmoid));
  };
  if (name == "binary") return by_decision(t, counted_labels(2), raw, b.both(sigmoid()));
  if (name == "multiclass") return by_decision(t, counted_labels(outputs), raw, b.softmax(raw));
  if (name == "multiclassova") return by_decision(t, counted_labels(outputs), raw, sigmoid());
  Prediction out;
  out.target = raw;
  if (name == "poisson" || name == "gamma" || name == "tweedie")
    out.target = b.apply(Apply::Function::exp, raw);
  if (name == "cross_entropy") out.target = b.apply(Apply::Function::sigmoid, raw);
  if (name == "cross_entropy_lambda") out.target = b.apply(Apply::Function::softplus, raw);
  if (name == "regression" && objective.is_sqrt) {
    out.target =
        b.multiply(b.apply(Apply::Function::sign, raw), b.apply(Apply::Function::square, raw));
  }
  return out;
}

}  // namespace octet::translate
