#include "translate/tree_reader.hpp"

#include <cmath>

namespace octet::translate {
namespace {

using steps::Forest;
using steps::Side;

constexpr std::size_t most_nodes = 50'000'000;

// The record behind tree_: sklearn.tree._tree.Tree with a state.
Ref state_of(const Estimator& tree, std::string_view key) {
  const Ref found = trained::attribute_of(tree.records(), tree.need("tree_"), key);
  if (found == no_ref) tree.damaged("tree_ has no " + std::string(key));
  return found;
}

std::vector<double> field(const Estimator& tree, Ref nodes, const char* name) {
  auto out = trained::field_of(tree.records(), nodes, name);
  if (!out) tree.damaged(std::string("the nodes of its tree have no ") + name);
  return std::move(*out);
}

}  // namespace

std::vector<std::uint64_t> tree_shape(const Estimator& tree) {
  const Ref values = state_of(tree, "values");
  if (!tree.records().is(values, trained::Kind::array) ||
      tree.records().array(values).shape.size() != 3) {
    tree.damaged("the values of its tree are no array of three dimensions");
  }
  return tree.records().array(values).shape;
}

void read_tree(const Estimator& tree, const TreeReading& how, Forest& into) {
  const Ref nodes = state_of(tree, "nodes");
  const std::vector<double> left = field(tree, nodes, "left_child");
  const std::vector<double> right = field(tree, nodes, "right_child");
  const std::vector<double> feature = field(tree, nodes, "feature");
  const std::vector<double> threshold = field(tree, nodes, "threshold");
  const std::vector<double> samples = field(tree, nodes, "n_node_samples");
  const auto missing = trained::field_of(tree.records(), nodes, "missing_go_to_left");
  const auto values = trained::numbers_of(tree.records(), state_of(tree, "values"));
  const std::vector<std::uint64_t> shape = tree_shape(tree);
  const std::size_t count = left.size();
  if (!values || count == 0 || shape[0] != count) tree.damaged("its tree has no nodes");
  if (into.nodes.size() + count > most_nodes) tree.refuse("more than 50 million nodes");
  const std::size_t each = shape[1] * shape[2];
  const auto begin = static_cast<std::uint32_t>(into.nodes.size());
  into.roots.push_back(begin);
  std::vector<int> depths(count);
  std::vector<bool> reached(count);
  reached[0] = true;
  for (std::size_t i = 0; i < count; ++i) {
    if (!reached[i]) tree.damaged("its tree has a node that nothing leads to");
    Forest::Node node;
    if (left[i] < 0) {
      const TreeLeaf leaf{std::span(values->numbers).subspan(i * each, each), i, samples[i],
                          depths[i]};
      const std::vector<double> weights = how.weights(leaf);
      node.left = static_cast<std::uint32_t>(into.weights.size());
      node.right = how.first_output;
      into.weights.insert(into.weights.end(), weights.begin(), weights.end());
      into.nodes.push_back(node);
      continue;
    }
    const auto size = static_cast<double>(count);
    const auto parent = static_cast<double>(i);
    for (const double child : {left[i], right[i]}) {
      if (!(child > parent && child < size)) tree.damaged("its tree has a node that leads nowhere");
      const auto at = static_cast<std::size_t>(child);
      if (reached[at]) tree.damaged("its tree has a node with two parents");
      reached[at] = true;
      depths[at] = depths[i] + 1;
    }
    if (!(feature[i] >= 0 && feature[i] < how.features))
      tree.damaged("its tree asks for a feature that is not there");
    if (std::isnan(threshold[i])) tree.damaged("its tree has a threshold that is no number");
    node.split = Forest::Split::at_most;
    node.threshold = threshold[i];
    const auto own = static_cast<std::size_t>(feature[i]);
    if (!how.columns.empty() && own >= how.columns.size())
      tree.damaged("its tree asks for a feature that is not there");
    node.feature = how.columns.empty() ? static_cast<std::uint32_t>(own) : how.columns[own];
    node.left = begin + static_cast<std::uint32_t>(left[i]);
    node.right = begin + static_cast<std::uint32_t>(right[i]);
    if (missing && (*missing)[i] != 0) node.missing = Side::left;
    into.nodes.push_back(node);
  }
}

}  // namespace octet::translate
