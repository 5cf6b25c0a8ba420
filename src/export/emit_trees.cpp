// Trees as the attributes of TreeEnsembleRegressor (ai.onnx.ml 3); see emit_compact_trees.cpp
// for 5.
//
// That operator knows only comparisons. A split by categories becomes a chain of them: the set's
// borders in ascending order, "x < border" leading to what the interval left of it leads to. The
// two children are shared by the chain's nodes, through their true branches, which is how ONNX
// Runtime takes it. Fractions and unseen categories come out as the libraries have them.
#include <algorithm>
#include <cmath>
#include <limits>

#include "export/emit_trees.hpp"

namespace octet::exporting {
namespace {

using namespace steps;

// The outcome left of each border, and right of the last.
struct Zones {
  std::vector<double> borders;  // x < border
  std::vector<Side> outcomes;   // one more than borders
};

void end_zone(Zones& zones, double border, Side next) {
  if (zones.outcomes.back() == next) return;
  zones.borders.push_back(border);
  zones.outcomes.push_back(next);
}

Zones zones_of(const CategorySplit& split) {
  std::vector<std::pair<std::uint32_t, Side>> known;
  for (const std::uint32_t c : split.left) known.emplace_back(c, Side::left);
  for (const std::uint32_t c : split.right) known.emplace_back(c, Side::right);
  std::ranges::sort(known);
  Zones out{{}, {split.others}};
  double next_free = 0;  // behind the last category seen
  for (const auto& [category, side] : known) {
    const double begin = category;
    if (begin > next_free) end_zone(out, next_free, split.others);
    // Category 0 of LightGBM begins above -1.
    const bool from_minus_one = category == 0 && split.truncates;
    end_zone(out, from_minus_one ? std::nextafter(-1.0F, 0.0F) : begin, side);
    next_free = begin + 1;
  }
  end_zone(out, next_free, split.others);
  return out;
}

// A number that is 0 or missing goes one way, others by the threshold.
Zones zones_of(const Forest::Node& node) {
  const double zero = zero_threshold;
  const double above = std::nextafter(static_cast<float>(zero), 1.0F);
  const double behind =
      std::nextafter(float_not_above(node.threshold), std::numeric_limits<float>::infinity());
  Zones out;
  std::vector<double> borders = {-zero, above, behind};
  std::ranges::sort(borders);
  const auto outcome = [&](double x) {
    if (std::abs(x) <= zero) return node.missing;
    return x <= node.threshold ? Side::left : Side::right;
  };
  out.outcomes = {outcome(-std::numeric_limits<float>::max())};
  for (const double border : borders) end_zone(out, border, outcome(border));
  return out;
}

class Writer {
 public:
  Writer(const Forest& forest, bool in_double) : forest_(forest), in_double_(in_double) {
    below_ = asks_below(forest);
    place_of_.resize(forest.nodes.size());
  }

  Attributes attributes() {
    for (std::size_t t = 0; t < forest_.roots.size(); ++t) write_tree(t);
    return collect();
  }

 private:
  std::int64_t new_node(std::uint32_t feature) {
    tree_ids_.push_back(tree_);
    node_ids_.push_back(next_);
    features_.push_back(feature);
    modes_.emplace_back("LEAF");
    values_.push_back(0);
    trues_.push_back(0);
    falses_.push_back(0);
    missing_.push_back(0);
    return next_++;
  }
  [[nodiscard]] std::size_t at(std::int64_t id) const {
    return begin_ + static_cast<std::size_t>(id);
  }

  // Ids first, so that shared children have theirs before somebody points to them.
  void write_tree(std::size_t t) {
    tree_ = static_cast<std::int64_t>(t);
    next_ = 0;
    begin_ = node_ids_.size();
    std::vector<std::uint32_t> order = {forest_.roots[t]};
    for (std::size_t i = 0; i < order.size(); ++i) {
      const Forest::Node& node = forest_.nodes[order[i]];
      place_of_[order[i]] = new_node(node.split == Forest::Split::leaf ? 0 : node.feature);
      if (node.split == Forest::Split::leaf) continue;
      order.push_back(node.left);
      order.push_back(node.right);
    }
    for (const std::uint32_t index : order) write_node(index);
  }

  void write_node(std::uint32_t index) {
    const Forest::Node& node = forest_.nodes[index];
    const std::int64_t id = place_of_[index];
    switch (node.split) {
      case Forest::Split::leaf:
        for (std::uint32_t w = 0; w < forest_.leaf_weights; ++w) {
          target_trees_.push_back(tree_);
          target_nodes_.push_back(id);
          targets_.push_back(node.right + w);
          weights_.push_back(forest_.weights[node.left + w]);
        }
        return;
      case Forest::Split::at_most:
        return write_split(id, node.threshold, false, place_of_[node.left], place_of_[node.right],
                           node.missing == Side::left);
      case Forest::Split::below:
        return write_split(id, node.threshold, true, place_of_[node.left], place_of_[node.right],
                           node.missing == Side::left);
      case Forest::Split::categories: {
        const CategorySplit& split = forest_.category_splits[node.category];
        return write_chain(id, node, zones_of(split), split.missing);
      }
      case Forest::Split::at_most_nonzero:
        return write_chain(id, node, zones_of(node), node.missing);
    }
  }

  void write_split(std::int64_t id, double threshold, bool below, std::int64_t left,
                   std::int64_t right, bool missing_left) {
    const std::size_t i = at(id);
    modes_[i] = below_ ? "BRANCH_LT" : "BRANCH_LEQ";
    values_[i] = exact_threshold(threshold, below, {below_, in_double_});
    trues_[i] = left;
    falses_[i] = right;
    missing_[i] = missing_left ? 1 : 0;
  }

  void write_chain(std::int64_t id, const Forest::Node& node, const Zones& zones, Side missing) {
    const auto child = [&](Side side) {
      return place_of_[side == Side::left ? node.left : node.right];
    };
    if (zones.borders.empty()) {  // all but what is missing goes one way
      const Side other = zones.outcomes[0] == Side::left ? Side::right : Side::left;
      return write_split(id, std::numeric_limits<float>::max(), true, child(zones.outcomes[0]),
                         child(other), missing == zones.outcomes[0]);
    }
    bool missing_done = false;
    for (std::size_t i = 0; i < zones.borders.size(); ++i) {
      const bool is_last = i + 1 == zones.borders.size();
      const std::int64_t next = is_last ? child(zones.outcomes.back()) : new_node(node.feature);
      const bool takes_missing = !missing_done && zones.outcomes[i] == missing;
      missing_done = missing_done || takes_missing;
      write_split(id, zones.borders[i], true, child(zones.outcomes[i]), next, takes_missing);
      id = next;
    }
  }

  Attributes collect() {
    Attributes out;
    out.push_back(integer("n_targets", forest_.outputs));
    out.push_back(text("aggregate_function", forest_.average ? "AVERAGE" : "SUM"));
    out.push_back(text("post_transform", "NONE"));
    out.push_back(integers("nodes_treeids", tree_ids_));
    out.push_back(integers("nodes_nodeids", node_ids_));
    out.push_back(integers("nodes_featureids", features_));
    out.push_back(texts("nodes_modes", std::span<const std::string_view>(modes_)));
    out.push_back(integers("nodes_truenodeids", trues_));
    out.push_back(integers("nodes_falsenodeids", falses_));
    if (std::ranges::find(missing_, 1) != missing_.end())
      out.push_back(integers("nodes_missing_value_tracks_true", missing_));
    out.push_back(integers("target_treeids", target_trees_));
    out.push_back(integers("target_nodeids", target_nodes_));
    out.push_back(integers("target_ids", targets_));
    numbers(out, "nodes_values", values_);
    numbers(out, "target_weights", weights_);
    if (!forest_.base.empty()) numbers(out, "base_values", forest_.base);
    return out;
  }

  void numbers(Attributes& out, std::string_view name, const std::vector<double>& values) {
    if (in_double_) {
      const std::string_view tensor_name = name == "nodes_values"     ? "nodes_values_as_tensor"
                                           : name == "target_weights" ? "target_weights_as_tensor"
                                                                      : "base_values_as_tensor";
      out.push_back(doubles(tensor_name, values));
      return;
    }
    std::vector<float> rounded;
    rounded.reserve(values.size());
    for (const double value : values) rounded.push_back(static_cast<float>(value));
    out.push_back(floats(name, rounded));
  }

  const Forest& forest_;
  bool in_double_;
  bool below_ = false;
  std::int64_t tree_ = 0;
  std::int64_t next_ = 0;
  std::size_t begin_ = 0;
  std::vector<std::int64_t> place_of_;  // of a node of the forest: its id in its tree
  std::vector<std::int64_t> tree_ids_, node_ids_, features_, trues_, falses_, missing_;
  std::vector<std::string_view> modes_;
  std::vector<double> values_;
  std::vector<std::int64_t> target_trees_, target_nodes_, targets_;
  std::vector<double> weights_;
};

}  // namespace

double exact_threshold(double threshold, bool below, TreeNumbers as) {
  const bool must_step = below && !as.below;  // x < t is x <= the number before it
  if (as.in_double) {
    if (!must_step) return threshold;
    return threshold == 0 ? -std::numeric_limits<double>::min()
                          : std::nextafter(threshold, -HUGE_VAL);
  }
  if (!below) return static_cast<double>(float_not_above(threshold));
  if (!must_step) return threshold;
  const float next = float_not_below(threshold);
  // Never a denormal: they may count as zero.
  return next == 0
             ? static_cast<double>(-std::numeric_limits<float>::min())
             : static_cast<double>(std::nextafter(next, -std::numeric_limits<float>::infinity()));
}

bool asks_below(const Forest& forest) {
  return std::ranges::any_of(
      forest.nodes, [](const Forest::Node& node) { return node.split == Forest::Split::below; });
}

Attributes tree_attributes(const Forest& forest, bool double_thresholds) {
  return Writer(forest, double_thresholds).attributes();
}

}  // namespace octet::exporting
