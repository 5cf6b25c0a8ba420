// Trees as TreeEnsemble (ai.onnx.ml 5), and the choice between the two operators.
#include <algorithm>
#include <cmath>

#include "export/emit_trees.hpp"

namespace octet::exporting {
namespace {

using namespace steps;
using Split = Forest::Split;

constexpr double share_slack = 1e-12;  // of fractions that add up to 1 in double

bool is_plain(const Forest& forest) {
  return std::ranges::all_of(forest.nodes, [](const Forest::Node& node) {
    return node.split == Split::leaf || node.split == Split::at_most || node.split == Split::below;
  });
}

// Both weights of every leaf are of both outputs, and add up to 1.
bool is_of_shares(const Forest& forest) {
  if (forest.leaf_weights != 2 || forest.outputs != 2 || !forest.average || !forest.base.empty())
    return false;
  return std::ranges::all_of(forest.nodes, [&](const Forest::Node& node) {
    if (node.split != Split::leaf) return true;
    const double sum = forest.weights[node.left] + forest.weights[node.left + 1];
    return node.right == 0 && std::abs(sum - 1) <= share_slack;
  });
}

onnx::TreeNode leaf(const Forest& forest, const Forest::Node& node, bool is_share) {
  onnx::TreeNode out;
  out.value = forest.weights[node.left + (is_share ? 1 : 0)];
  out.target = is_share ? 0 : node.right;
  return out;
}

std::vector<onnx::TreeNode> tree_of(const Forest& forest, std::uint32_t root, TreeNumbers as,
                                    bool is_share) {
  std::vector<onnx::TreeNode> out;
  std::vector<std::uint32_t> order = {root};
  for (std::size_t i = 0; i < order.size(); ++i) {
    const Forest::Node& node = forest.nodes[order[i]];
    if (node.split == Split::leaf) {
      out.push_back(leaf(forest, node, is_share));
      continue;
    }
    onnx::TreeNode one;
    one.value = exact_threshold(node.threshold, node.split == Split::below, as);
    one.feature = node.feature;
    one.mode = as.below ? onnx::BranchMode::lt : onnx::BranchMode::leq;
    one.missing_is_yes = node.missing == Side::left;
    one.yes = static_cast<std::uint32_t>(order.size());
    one.no = one.yes + 1;
    order.push_back(node.left);
    order.push_back(node.right);
    out.push_back(one);
  }
  return out;
}

std::string why_not_compact(const Forest& forest) {
  if (!is_plain(forest)) return "their splits by categories become chains that share children";
  if (forest.leaf_weights != 1 && !is_of_shares(forest))
    return "their leaves have a weight for each class, and that operator takes one";
  return "";
}

}  // namespace

std::optional<CompactForest> compact_forest(const Forest& forest, bool in_double) {
  if (!why_not_compact(forest).empty()) return std::nullopt;
  CompactForest out;
  out.is_share = forest.leaf_weights != 1;
  const TreeNumbers as{asks_below(forest), in_double};
  for (const std::uint32_t root : forest.roots) {
    if (!out.trees.add(tree_of(forest, root, as, out.is_share))) return std::nullopt;
  }
  return out;
}

bool can_be_compact(const Program& program, std::string& why_not) {
  bool any = false;
  for (const Step& step : program.steps) {
    const auto* trees = std::get_if<Trees>(&step.operation);
    if (trees == nullptr) continue;
    any = true;
    why_not = why_not_compact(*trees->forest);
    if (!why_not.empty()) return false;
  }
  if (!any) why_not = "it has none";
  return any;
}

void Emitter::operator()(const Trees& op) {
  const Forest& forest = *op.forest;
  const bool is_wide = type_of(step().inputs[0]) == ElementType::float64;
  // Rounded where the library rounds; a float64 feature below a double threshold stays one.
  const bool in_double = is_wide && !forest.float_features;
  const ElementType own = in_double ? ElementType::float64 : ElementType::float32;
  const std::string features = in(0, own);
  const auto compact = options_.compact_trees ? compact_forest(forest, in_double) : std::nullopt;
  if (!compact) {
    return done(graph_.node("TreeEnsembleRegressor", {features}, tree_attributes(forest, in_double),
                            ml_domain),
                ElementType::float32);
  }
  Attributes attributes;
  const std::int64_t targets = compact->is_share ? 1 : forest.outputs;
  for (onnx::Message& one : compact->trees.attributes(targets, forest.average, in_double))
    attributes.push_back({"", std::move(one)});
  std::string value = graph_.node("TreeEnsemble", {features}, std::move(attributes), ml_domain);
  if (compact->is_share) {
    Attributes axis;
    axis.push_back(integer("axis", 1));
    value = graph_.node("Concat", {graph_.node("Sub", {number(1, own), value}), value},
                        std::move(axis));
  }
  if (!forest.base.empty()) value = graph_.node("Add", {value, row(forest.base, own)});
  done(value, own);
}

}  // namespace octet::exporting
