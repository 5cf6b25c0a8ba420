// Numbers of nodes and leaves in the compact operator, and what is no tree.
#include "onnx/compact_trees.hpp"

#include <gtest/gtest.h>

#include "onnx/views.hpp"

namespace octet::onnx {
namespace {

TreeNode branch(std::uint32_t yes, std::uint32_t no, double value = 0) {
  TreeNode out;
  out.yes = yes;
  out.no = no;
  out.value = value;
  return out;
}
TreeNode leaf(double weight) {
  TreeNode out;
  out.value = weight;
  return out;
}

std::vector<std::int64_t> ints_of(const CompactTrees& trees, std::string_view name) {
  std::string bytes;
  Message node;
  for (Message& one : trees.attributes(1, false, false)) node.message(5, std::move(one));
  bytes = node.bytes();
  const NodeView view = read_node(std::as_bytes(std::span(bytes)), Origin{});
  const AttributeView* found = view.attribute(name);
  return found == nullptr ? std::vector<std::int64_t>{} : found->ints();
}

using Ints = std::vector<std::int64_t>;

TEST(CompactTrees, NumberNodesAndLeavesApart) {
  CompactTrees trees;
  //      0: yes leaf 3, no 1; 1: yes 2, no leaf; 2: two leaves
  const std::vector<TreeNode> tree = {branch(1, 2), leaf(1), branch(3, 4), branch(5, 6),
                                      leaf(2),      leaf(3), leaf(4)};
  ASSERT_TRUE(trees.add(tree));
  EXPECT_EQ(ints_of(trees, "nodes_truenodeids"), (Ints{0, 2, 1}));
  EXPECT_EQ(ints_of(trees, "nodes_falsenodeids"), (Ints{1, 3, 2}));
  EXPECT_EQ(ints_of(trees, "nodes_trueleafs"), (Ints{1, 0, 1}));
  EXPECT_EQ(ints_of(trees, "nodes_falseleafs"), (Ints{0, 1, 1}));
}

TEST(CompactTrees, NeverGiveARootTwoEqualNumbers) {
  CompactTrees trees;
  ASSERT_TRUE(trees.add(std::vector<TreeNode>{branch(1, 2), leaf(1), leaf(2)}));
  // The next root is node 1; its leaf would be number 2 and so would its other child.
  const std::vector<TreeNode> tree = {branch(1, 2), leaf(3), branch(3, 4), leaf(4), leaf(5)};
  ASSERT_TRUE(trees.add(tree));
  const Ints yes = ints_of(trees, "nodes_truenodeids");
  const Ints no = ints_of(trees, "nodes_falsenodeids");
  for (const std::int64_t root : ints_of(trees, "tree_roots"))
    EXPECT_NE(yes[std::size_t(root)], no[std::size_t(root)]);
}

TEST(CompactTrees, OfOneLeafAskAQuestionWithOneAnswer) {
  CompactTrees trees;
  ASSERT_TRUE(trees.add(std::vector<TreeNode>{leaf(7)}));
  EXPECT_EQ(ints_of(trees, "nodes_trueleafs"), (Ints{1}));
  EXPECT_EQ(ints_of(trees, "nodes_falsenodeids"), (Ints{1}));
}

TEST(CompactTrees, RefuseWhatIsNoTree) {
  EXPECT_FALSE(CompactTrees().add(std::vector<TreeNode>{branch(1, 1), leaf(1)}));
  EXPECT_FALSE(CompactTrees().add(std::vector<TreeNode>{branch(1, 9), leaf(1)}));
  EXPECT_FALSE(CompactTrees().add(std::vector<TreeNode>{branch(1, 2), branch(0, 2), leaf(1)}));
  EXPECT_FALSE(CompactTrees().add({}));
}

}  // namespace
}  // namespace octet::onnx
