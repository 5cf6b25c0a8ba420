// Decision trees as their libraries keep them: thresholds in double, sets of categories as sets.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace octet::steps {

enum class Side : std::uint8_t { left, right };

// Which values of a category go left, and which right. A value is cut to its whole part; negative
// ones are unseen, unless `truncates` makes what lies between -1 and 0 the category 0.
struct CategorySplit {
  std::vector<std::uint32_t> left;  // sorted
  std::vector<std::uint32_t> right;
  Side others = Side::right;
  Side missing = Side::right;
  bool truncates = false;
};

struct Forest {
  enum class Split : std::uint8_t {
    leaf,
    at_most,          // x <= threshold goes left
    below,            // x < threshold goes left
    at_most_nonzero,  // the same as at_most, but what is 0 (|x| <= 1e-35) goes where missing goes
    categories,       // by category_splits[category]
  };
  struct Node {
    double threshold = 0;
    std::uint32_t feature = 0;
    std::uint32_t left = 0;   // index in `nodes`; of a leaf: the first of its weights
    std::uint32_t right = 0;  // likewise; of a leaf: the output its first weight is added to
    std::uint32_t category = 0;
    Split split = Split::leaf;
    Side missing = Side::right;
  };

  std::uint32_t features = 0;
  std::uint32_t outputs = 1;
  std::uint32_t leaf_weights = 1;  // how many each leaf has
  std::vector<std::uint32_t> roots;
  std::vector<Node> nodes;
  std::vector<double> weights;
  std::vector<CategorySplit> category_splits;
  std::vector<double> base;    // added to the outputs; empty: nothing
  bool average = false;        // the mean of the trees, not their sum
  bool float_features = true;  // features are rounded to float32 before they are compared
};

// Whether x goes left at this node, which is no leaf.
[[nodiscard]] bool goes_left(const Forest& forest, const Forest::Node& node, double x);

// The leaf that these features come to.
[[nodiscard]] const Forest::Node& leaf_of(const Forest& forest, std::uint32_t root,
                                          std::span<const double> features);

// Below this magnitude LightGBM takes a number for zero.
inline constexpr double zero_threshold = 1e-35F;

}  // namespace octet::steps
