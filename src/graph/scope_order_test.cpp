// The order nodes are written in, whatever the order of the edits.
#include "graph/scope_order.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "graph/written_test.hpp"

namespace octet::graph {
namespace {

using base::ElementType;
using test::attr;
using test::GraphBuilder;
using test::ModelBuilder;
using test::ModelBytes;
using Strings = std::vector<std::string>;

// x → a → b → c → y, by nodes named after what they give.
ModelBuilder chain() {
  return ModelBuilder()
      .input("x", ElementType::float32, {"n"})
      .node("Relu", {"x"}, {"a"}, {}, "a")
      .node("Tanh", {"a"}, {"b"}, {}, "b")
      .node("Relu", {"b"}, {"c"}, {}, "c")
      .node("Relu", {"c"}, {"y"}, {}, "y")
      .output("y", ElementType::float32);
}

NewNode node(const std::string& output, Strings inputs) {
  return {"Max", "", output, std::move(inputs), {output}, {}};
}

Strings names(const ModelBytes& bytes, ScopeId scope = 0) {
  const Graph graph = Graph::import(test::source(bytes));
  Strings out;
  for (const NodeId id : graph.scope(scope).nodes) out.emplace_back(graph.node(id).view.name);
  return out;
}

class ScopeOrderTest : public ::testing::Test {
 protected:
  [[nodiscard]] ModelBytes edited(const std::vector<Patch>& patches) const {
    Overlay overlay(graph_);
    for (const Patch& patch : patches) overlay.apply(patch);
    return written(overlay).model;
  }
  [[nodiscard]] std::string refused(const std::vector<Patch>& patches) const {
    return test::refusal(ErrorCode::invalid_argument, [&] { (void)edited(patches); });
  }

  ModelBytes model_ = chain().bytes();
  Graph graph_ = Graph::import(test::source(model_));
};

TEST_F(ScopeOrderTest, PutsANewNodeBehindWhatItReads) {
  EXPECT_EQ(names(edited({{{}, {node("d", {"c"})}, 0}})), (Strings{"a", "b", "c", "d", "y"}));
}

TEST_F(ScopeOrderTest, PutsANewNodeBeforeWhatReadsIt) {
  EXPECT_EQ(
      names(edited({{{1}, {node("b", {"late"})}}, {{3}, {node("y", {"c"}), node("late", {"a"})}}})),
      (Strings{"a", "late", "b", "c", "y"}));
}

TEST_F(ScopeOrderTest, GivesTheSameBytesWhateverTheOrderOfPatches) {
  std::vector<Patch> patches = {{{}, {node("p", {"x"})}, 0},
                                {{}, {node("q", {"x", "p"})}, 0},
                                {{}, {node("o", {"b"})}, 0},
                                {{1}, {node("b", {"p", "q"})}},
                                {{3}, {node("r", {"c"}), node("y", {"r", "o"})}}};
  std::vector<std::size_t> order(patches.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  const ModelBytes expected = edited(patches);
  EXPECT_EQ(names(expected), (Strings{"p", "q", "a", "b", "o", "c", "r", "y"}));
  do {
    std::vector<Patch> permuted;
    for (const std::size_t i : order) permuted.push_back(patches[i]);
    ASSERT_EQ(edited(permuted), expected);
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_F(ScopeOrderTest, RefusesEditsThatMakeACircle) {
  EXPECT_TRUE(
      test::says(refused({{{1}, {node("b", {"a", "c"})}}}), "would have a circle after the edits"));
}

TEST_F(ScopeOrderTest, RefusesANameDefinedTwice) {
  EXPECT_TRUE(test::says(refused({{{}, {node("b", {"x"})}, 0}}), "\"b\" is defined twice"));
  EXPECT_TRUE(test::says(refused({{{}, {node("x", {"a"})}, 0}}), "\"x\" is defined twice"));
  EXPECT_TRUE(test::says(refused({{{}, {node("n", {"x"})}, 0}, {{}, {node("n", {"x"})}, 0}}),
                         "\"n\" is defined twice"));
}

TEST_F(ScopeOrderTest, RefusesAnotherElementTypeInAValuesPlace) {
  const NewNode isnan{"IsNaN", "", "b", {"a"}, {"b"}, {}};
  EXPECT_TRUE(test::says(refused({{{1}, {isnan}}}), "\"b\" would be bool instead of float32"));
}

TEST_F(ScopeOrderTest, RefusesAnotherShapeInAValuesPlace) {
  const NewNode grown{"Unsqueeze", "", "b", {"a"}, {"b"}, {{"axes", std::vector<std::int64_t>{0}}}};
  EXPECT_TRUE(test::says(refused({{{1}, {grown}}}), "\"b\" would be [1, n] instead of [n]"));
  const NewNode fixed{"Gather", "", "b", {"x", "three"}, {"b"}, {}};
  Overlay overlay(graph_);
  overlay.add_filled({"three", 0, ElementType::int64, {3}}, std::string(24, '\0'));
  overlay.apply({{1}, {fixed}});  // n may be three
  EXPECT_EQ(names(written(overlay).model), (Strings{"a", "b", "c", "y"}));
}

TEST(ScopeOrder, PutsAnOwnerBehindWhatItsBodyNowReads) {
  const auto branch = [](const std::string& result) {
    return GraphBuilder()
        .node("Relu", {"x"}, {result}, {}, result)
        .output(result, ElementType::float32);
  };
  const ModelBytes model =
      ModelBuilder()
          .input("x", ElementType::float32, {"n"})
          .input("c", ElementType::boolean, {})
          .node("If", {"c"}, {"y"},
                {attr("then_branch", branch("t")), attr("else_branch", branch("e"))}, "if")
          .node("Tanh", {"x"}, {"late"}, {}, "late")
          .output("y", ElementType::float32)
          .output("late", ElementType::float32)
          .bytes();
  const Graph graph = Graph::import(test::source(model));
  Overlay overlay(graph);
  overlay.apply({{find_node(graph, "t")}, {node("t", {"late"})}});
  const ModelBytes result = written(overlay).model;
  EXPECT_EQ(names(result), (Strings{"late", "if"}));
  EXPECT_EQ(names(result, 1), (Strings{"t"}));
}

TEST(ScopeOrder, LeavesScopesWithoutEditsAsTheyAreEvenWhenTheyAreOutOfOrder) {
  const ModelBytes model = ModelBuilder()
                               .input("x", ElementType::float32, {"n"})
                               .node("Relu", {"a"}, {"y"}, {}, "second")
                               .node("Relu", {"x"}, {"a"}, {}, "first")
                               .output("y", ElementType::float32)
                               .bytes();
  const Graph graph = Graph::import(test::source(model));
  EXPECT_EQ(written(Overlay(graph)).model, model);
  Overlay overlay(graph);
  overlay.apply({{}, {node("new", {"x"})}, 0});
  EXPECT_EQ(names(written(overlay).model), (Strings{"new", "first", "second"}));
}

TEST(FreshName, TakesAsLongForTheLastAsForTheFirst) {
  const ModelBytes model = chain().bytes();
  const Graph graph = Graph::import(test::source(model));
  Overlay overlay(graph);
  std::string last;
  for (int i = 0; i < 200000; ++i) last = overlay.fresh_name("a");
  EXPECT_EQ(last, "a_200000");
}

}  // namespace
}  // namespace octet::graph
