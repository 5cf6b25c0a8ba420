#include "graph/node_order.hpp"

#include <gtest/gtest.h>

#include "graph/input_hints.hpp"
#include "graph/written_test.hpp"

namespace octet::graph {
namespace {

using base::ElementType;
using test::attr;
using test::GraphBuilder;
using test::ModelBuilder;
using test::ModelBytes;
using Order = std::vector<std::uint32_t>;

ModelBuilder with_nodes(const std::vector<test::NodeSpec>& nodes) {
  ModelBuilder model;
  model.input("x", ElementType::float32, {2, 2});
  for (const test::NodeSpec& node : nodes) model.node(node);
  return model.output("y", ElementType::float32);
}

std::string refused(const ModelBuilder& model) {
  const ModelBytes bytes = model.bytes();
  return test::refusal(ErrorCode::invalid_model, [&] { (void)Graph::import(test::source(bytes)); });
}

TEST(NodeOrder, KeepsWhatIsInOrderAlready) {
  EXPECT_EQ(stable_order(4, {{0, 1}, {0, 3}}), (Order{0, 1, 2, 3}));
}

TEST(NodeOrder, MovesOnlyWhatHasToWait) {
  EXPECT_EQ(stable_order(5, {{3, 1}, {1, 2}}), (Order{0, 3, 1, 2, 4}));
}

TEST(NodeOrder, LeavesOutCirclesAndWhatStandsBehindThem) {
  EXPECT_EQ(stable_order(5, {{1, 2}, {2, 1}, {2, 3}, {0, 4}}), (Order{0, 4}));
  EXPECT_EQ(stable_order(2, {{1, 1}}), (Order{0}));
}

TEST(NodeOrder, CountsWhatABodyReadsAsReadByItsOwner) {
  const auto branch = [](const char* result) {
    return GraphBuilder().node("Relu", {"late"}, {result}).output(result, ElementType::float32);
  };
  const ModelBytes bytes =
      ModelBuilder()
          .input("x", ElementType::float32, {2, 2})
          .input("c", ElementType::boolean, {})
          .node("If", {"c"}, {"y"},
                {attr("then_branch", branch("a")), attr("else_branch", branch("b"))})
          .node("Tanh", {"x"}, {"late"})
          .output("y", ElementType::float32)
          .bytes();
  const Graph graph = Graph::import(test::source(bytes));
  const std::vector<NodeId> main = node_order(graph)[0];
  ASSERT_EQ(main.size(), 2U);
  EXPECT_EQ(graph.node(main[0]).view.op_type, "Tanh");
}

TEST(Import, RefusesCircles) {
  const std::string message = refused(with_nodes({{"Identity", {"b"}, {"a"}, {}, "one", ""},
                                                  {"Transpose", {"a"}, {"b"}, {}, "two", ""},
                                                  {"Add", {"x", "a"}, {"y"}, {}, "three", ""}}));
  EXPECT_TRUE(test::says(message, "its result depends on itself"));
  EXPECT_FALSE(message.find("three") != std::string::npos) << message;  // it only stands behind one
}

TEST(Import, RefusesANodeThatReadsItself) {
  EXPECT_TRUE(test::says(refused(with_nodes({{"Cast", {"y"}, {"y"}, {}, "self", ""}})),
                         "node \"self\" (Cast, the 1. of 1)"));
}

TEST(Import, RefusesABodyThatReadsTheResultOfItsOwner) {
  const GraphBuilder inner =
      GraphBuilder().node("Relu", {"y"}, {"z"}).output("z", ElementType::float32);
  EXPECT_TRUE(
      test::says(refused(with_nodes({{"If",
                                      {"x"},
                                      {"y"},
                                      {attr("then_branch", inner), attr("else_branch", inner)},
                                      "owner",
                                      ""}})),
                 "node \"owner\""));
  const GraphBuilder hands_on = GraphBuilder().output("y", ElementType::float32);
  EXPECT_TRUE(test::says(
      refused(with_nodes({{"If", {"x"}, {"y"}, {attr("then_branch", hands_on)}, "owner", ""}})),
      "node \"owner\""));
}

TEST(Import, RefusesACircleInsideAFunction) {
  const ModelBuilder model = ModelBuilder()
                                 .function(test::FunctionBuilder("local", "Odd")
                                               .input("a")
                                               .output("b")
                                               .opset(13)
                                               .node("Add", {"a", "b"}, {"b"}))
                                 .input("x", ElementType::float32, {2, 2})
                                 .node("Odd", {"x"}, {"y"}, {}, "", "local")
                                 .output("y", ElementType::float32);
  EXPECT_TRUE(test::says(refused(model), "its result depends on itself"));
}

TEST(InputHints, AreTheValuesThatAnInputIsComparedWith) {
  const auto bytes = test::ModelBuilder()
                         .opset(17)
                         .input("rate", base::ElementType::int64, {})
                         .input("ids", base::ElementType::int64, {"n", 4})
                         .initializer("wide", test::tensor<std::int64_t>({}, {16000}))
                         .node("Equal", {"rate", "wide"}, {"is_wide"})
                         .node("Equal", {"ids", "wide"}, {"is_pad"})
                         .output("is_wide", base::ElementType::boolean)
                         .output("is_pad", base::ElementType::boolean)
                         .bytes();
  const auto hints = input_hints(Graph::import(test::source(bytes)));
  ASSERT_EQ(hints.size(), 2U);
  EXPECT_EQ(hints[0].values, std::vector<std::int64_t>{16000});
  EXPECT_TRUE(hints[1].values.empty());  // tokens are not the one that pads
}

TEST(InputHints, FollowAChainOf120000Nodes) {
  ModelBuilder model;
  model.input("v0", ElementType::int64, {"n"}).initializer("E", test::weight({7, 2}));
  for (int i = 0; i < 120000; ++i)
    model.node("Identity", {"v" + std::to_string(i)}, {"v" + std::to_string(i + 1)});
  model.node("Gather", {"E", "v120000"}, {"y"}).output("y", ElementType::float32);
  const ModelBytes bytes = model.bytes();
  const auto hints = input_hints(Graph::import(test::source(bytes)));
  ASSERT_EQ(hints.size(), 1U);
  EXPECT_EQ(hints[0].high, 6);
}

}  // namespace
}  // namespace octet::graph
