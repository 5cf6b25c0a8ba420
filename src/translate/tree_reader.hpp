// sklearn.tree's Tree as nodes of a forest.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "steps/forest.hpp"
#include "translate/estimator.hpp"

namespace octet::translate {

// What read_tree tells of a leaf: its values, [outputs, classes] flattened, and its place.
struct TreeLeaf {
  std::span<const double> values;
  std::size_t node = 0;
  double samples = 0;  // n_node_samples
  int depth = 0;
};

struct TreeReading {
  std::uint32_t features = 0;                                   // how many there are
  std::vector<std::uint32_t> columns;                           // of each feature; empty: itself
  std::uint32_t first_output = 0;                               // that leaf weights are added to
  std::function<std::vector<double>(const TreeLeaf&)> weights;  // forest.leaf_weights of them
};

// Adds the tree_ of a fitted tree. Checks everything a walk relies on: children lie behind their
// parents, features are there, thresholds are numbers. Throws Error{invalid_model}.
void read_tree(const Estimator& tree, const TreeReading& how, steps::Forest& into);

// The shape of the tree's values: {nodes, outputs, classes}.
[[nodiscard]] std::vector<std::uint64_t> tree_shape(const Estimator& tree);

}  // namespace octet::translate
