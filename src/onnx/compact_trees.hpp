// Trees as the attributes of TreeEnsemble (ai.onnx.ml 5), which has no entry for a leaf among its
// nodes and a byte for a mode: about a fourth of what TreeEnsembleRegressor takes.
//
// The operator gives each leaf one target and one weight, and ONNX Runtime unrolls children that
// are shared into copies; what needs more is refused.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "onnx/message.hpp"

namespace octet::onnx {

enum class BranchMode : std::uint8_t { leq, lt, gte, gt, eq, neq };

struct TreeNode {
  double value = 0;  // what is compared with; of a leaf: its weight
  std::int64_t feature = 0;
  std::uint32_t yes = 0;  // of the tree's nodes; both 0 in a leaf
  std::uint32_t no = 0;
  std::int64_t target = 0;  // of a leaf
  BranchMode mode = BranchMode::leq;
  bool missing_is_yes = false;

  [[nodiscard]] bool is_leaf() const { return yes == 0 && no == 0; }
};

class CompactTrees {
 public:
  // The first node is the root. False when it is no tree: a node has two parents, or none of its
  // own; nothing more may be added then.
  [[nodiscard]] bool add(std::span<const TreeNode> tree);

  // Numbers as float32, or float64. `targets` is how many outputs there are.
  [[nodiscard]] std::vector<Message> attributes(std::int64_t targets, bool average,
                                                bool in_double) const;

 private:
  std::int64_t add_leaf(const TreeNode& leaf);

  std::vector<std::int64_t> roots_, features_, yes_, no_, yes_is_leaf_, no_is_leaf_, missing_;
  std::vector<std::uint8_t> modes_;
  std::vector<double> splits_;
  std::vector<std::int64_t> targets_;
  std::vector<double> weights_;
};

}  // namespace octet::onnx
