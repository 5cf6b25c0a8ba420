#include "onnx/compact_trees.hpp"

#include <algorithm>
#include <string>

#include "onnx/attribute_message.hpp"

namespace octet::onnx {
namespace {

using base::ElementType;

template <typename T>
Message numbers(std::string_view name, ElementType type, const std::vector<T>& values) {
  return tensor_attribute(
      name, type, std::ssize(values),
      {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)});
}

Message reals(std::string_view name, bool in_double, const std::vector<double>& values) {
  if (in_double) return numbers(name, ElementType::float64, values);
  std::vector<float> rounded;
  rounded.reserve(values.size());
  for (const double value : values) rounded.push_back(static_cast<float>(value));
  return numbers(name, ElementType::float32, rounded);
}

}  // namespace

std::int64_t CompactTrees::add_leaf(const TreeNode& leaf) {
  targets_.push_back(leaf.target);
  weights_.push_back(leaf.value);
  return std::ssize(targets_) - 1;
}

// Parents before children, so that what is yet to be numbered waits in a list, not in a recursion.
bool CompactTrees::add(std::span<const TreeNode> tree) {
  struct Waiting {
    std::uint32_t node;
    std::size_t parent;  // of the ensemble
    bool is_yes;
  };
  if (tree.empty()) return false;
  const std::size_t root = modes_.size();
  roots_.push_back(static_cast<std::int64_t>(root));
  std::vector<bool> seen(tree.size());
  std::vector<Waiting> waiting;
  const auto add_branch = [&](std::uint32_t index) {
    const TreeNode& node = tree[index];
    const std::size_t at = modes_.size();
    modes_.push_back(static_cast<std::uint8_t>(node.mode));
    splits_.push_back(node.value);
    features_.push_back(node.feature);
    missing_.push_back(node.missing_is_yes ? 1 : 0);
    for (std::vector<std::int64_t>* list : {&yes_, &no_, &yes_is_leaf_, &no_is_leaf_})
      list->push_back(0);
    waiting.push_back({node.no, at, false});
    waiting.push_back({node.yes, at, true});
    return at;
  };
  if (tree[0].is_leaf()) {
    // A tree of one leaf is a question whose answers are the same.
    modes_.push_back(static_cast<std::uint8_t>(BranchMode::leq));
    splits_.push_back(0);
    features_.push_back(0);
    missing_.push_back(0);
    yes_.push_back(add_leaf(tree[0]));
    no_.push_back(add_leaf(tree[0]));
    yes_is_leaf_.push_back(1);
    no_is_leaf_.push_back(1);
    return true;
  }
  seen[0] = true;
  (void)add_branch(0);
  while (!waiting.empty()) {
    const Waiting next = waiting.back();
    waiting.pop_back();
    if (next.node >= tree.size() || seen[next.node]) return false;
    seen[next.node] = true;
    const TreeNode& node = tree[next.node];
    const std::int64_t id =
        node.is_leaf() ? add_leaf(node) : static_cast<std::int64_t>(add_branch(next.node));
    (next.is_yes ? yes_ : no_)[next.parent] = id;
    (next.is_yes ? yes_is_leaf_ : no_is_leaf_)[next.parent] = node.is_leaf() ? 1 : 0;
  }
  // ONNX Runtime takes a root whose two numbers are equal for a leaf, also where one is a node's
  // and the other a leaf's.
  if (yes_[root] == no_[root]) {
    const std::size_t leaf = static_cast<std::size_t>(yes_[root]);
    const std::int64_t copy = std::ssize(targets_);
    targets_.push_back(targets_[leaf]);
    weights_.push_back(weights_[leaf]);
    (yes_is_leaf_[root] != 0 ? yes_ : no_)[root] = copy;
  }
  return true;
}

std::vector<Message> CompactTrees::attributes(std::int64_t targets, bool average,
                                              bool in_double) const {
  const auto list = [](std::string_view name, const std::vector<std::int64_t>& values) {
    return attribute_of(name, std::span<const std::int64_t>(values));
  };
  std::vector<Message> out;
  out.push_back(attribute_of("n_targets", targets));
  out.push_back(attribute_of("aggregate_function", std::int64_t{average ? 0 : 1}));
  out.push_back(list("tree_roots", roots_));
  out.push_back(list("nodes_featureids", features_));
  out.push_back(numbers("nodes_modes", ElementType::uint8, modes_));
  out.push_back(reals("nodes_splits", in_double, splits_));
  out.push_back(list("nodes_truenodeids", yes_));
  out.push_back(list("nodes_falsenodeids", no_));
  out.push_back(list("nodes_trueleafs", yes_is_leaf_));
  out.push_back(list("nodes_falseleafs", no_is_leaf_));
  if (std::ranges::find(missing_, 1) != missing_.end())
    out.push_back(list("nodes_missing_value_tracks_true", missing_));
  out.push_back(list("leaf_targetids", targets_));
  out.push_back(reals("leaf_weights", in_double, weights_));
  return out;
}

}  // namespace octet::onnx
