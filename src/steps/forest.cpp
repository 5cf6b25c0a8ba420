#include "steps/forest.hpp"

#include <algorithm>
#include <cmath>

namespace octet::steps {
namespace {

bool holds(const std::vector<std::uint32_t>& sorted, double category) {
  if (category > UINT32_MAX) return false;
  return std::ranges::binary_search(sorted, static_cast<std::uint32_t>(category));
}

Side side_of(const CategorySplit& split, double x) {
  if (std::isnan(x)) return split.missing;
  if (x < 0 && !(split.truncates && x > -1)) return split.others;
  const double category = std::trunc(std::abs(x));
  if (holds(split.left, category)) return Side::left;
  return holds(split.right, category) ? Side::right : split.others;
}

}  // namespace

bool goes_left(const Forest& forest, const Forest::Node& node, double x) {
  if (node.split == Forest::Split::categories)
    return side_of(forest.category_splits[node.category], x) == Side::left;
  const bool zero = node.split == Forest::Split::at_most_nonzero && std::abs(x) <= zero_threshold;
  if (std::isnan(x) || zero) return node.missing == Side::left;
  return node.split == Forest::Split::below ? x < node.threshold : x <= node.threshold;
}

const Forest::Node& leaf_of(const Forest& forest, std::uint32_t root,
                            std::span<const double> features) {
  const Forest::Node* node = &forest.nodes[root];
  while (node->split != Forest::Split::leaf) {
    const double x = features[node->feature];
    node = &forest.nodes[goes_left(forest, *node, x) ? node->left : node->right];
  }
  return *node;
}

}  // namespace octet::steps
