// Half-precision models read as wide ones.
#include <gtest/gtest.h>

#include "graph/written_test.hpp"

namespace octet::graph {
namespace {

using base::ElementType;
using test::attr;
using test::ModelBuilder;
using test::ModelBytes;
using test::TensorSpec;

constexpr ElementType half = ElementType::float16;

TensorSpec halves(const std::vector<std::int64_t>& dims) {
  TensorSpec out = test::tensor<std::uint16_t>(
      dims, std::vector<std::uint16_t>(test::count_of(dims), 0x3e00));  // 1.5
  out.type = half;
  return out;
}

ModelBuilder model() {
  return std::move(ModelBuilder()
                       .input("x", half, {2, 64})
                       .initializer("W", halves({64, 64}))
                       .initializer("b", halves({64}))
                       .value_info("m", half, {2, 64})
                       .node("MatMul", {"x", "W"}, {"m"}, {}, "m")
                       .node("Add", {"m", "b"}, {"y"}, {}, "add")
                       .output("y", half, {2, 64}));
}

const Node& named(const Graph& graph, std::string_view name) {
  return graph.node(find_node(graph, name));
}

TEST(Widening, PutsCastsWhereNumbersComeInAndGoOut) {
  const ModelBytes bytes = model().bytes();
  const Graph graph = Graph::import(test::source(bytes));
  ASSERT_NE(graph.widening(), nullptr);
  EXPECT_EQ(named(graph, "m").view.inputs,
            (std::vector<std::string_view>{"x_float32", "W_float32"}));
  EXPECT_EQ(named(graph, "add").view.inputs, (std::vector<std::string_view>{"m", "b"}));
  EXPECT_EQ(named(graph, "add").view.outputs, (std::vector<std::string_view>{"y_float32"}));
  EXPECT_EQ(named(graph, "x_float32_Cast").view.integer("to", 0), 1);
  EXPECT_EQ(named(graph, "y_Cast").view.integer("to", 0), 10);
  EXPECT_EQ(graph.scope(0).inputs[0].type, half);
  EXPECT_EQ(graph.scope(0).outputs[0].type, half);
}

TEST(Widening, ConvertsSmallTensorsAndLeavesLargeOnesWhereTheyLie) {
  const ModelBytes bytes = model().bytes();
  const Graph graph = Graph::import(test::source(bytes));
  const Constant& small = graph.constant(find_constant(graph, "b"));
  EXPECT_EQ(small.tensor.type, ElementType::float32);
  float first = 0;
  std::memcpy(&first, graph.elements(small).data(), 4);
  EXPECT_EQ(first, 1.5F);
  const Constant& large = graph.constant(find_constant(graph, "W"));
  EXPECT_EQ(large.tensor.type, half);
  EXPECT_GE(graph.elements(large).data(), bytes.data());
}

TEST(Widening, WithoutEditsTheModelStaysAsItIs) {
  const ModelBytes bytes = model().bytes();
  const Graph graph = Graph::import(test::source(bytes));
  EXPECT_EQ(written(Overlay(graph)).model, bytes);
}

TEST(Widening, IsWrittenIntoAnEditedModel) {
  const ModelBytes bytes = model().bytes();
  const Graph graph = Graph::import(test::source(bytes));
  Overlay overlay(graph);
  const NodeId add = find_node(graph, "add");
  overlay.apply({{add}, {{"Sub", "", "sub", {"m", "b"}, {"y_float32"}, {}}}});
  const ModelBytes result = written(overlay).model;
  const Graph after = Graph::import(test::source(result));
  // The Casts are in the file now; nothing computes narrow any more but what comes in.
  EXPECT_NE(find_node(after, "W_float32_Cast"), none);
  EXPECT_TRUE(after.scope(0).declared_values.empty());
  EXPECT_EQ(after.constant(find_constant(after, "b")).tensor.type, ElementType::float32);
}

TEST(Widening, ChangesWhatNodesSayOfTypes) {
  TensorSpec one = halves({1});
  one.typed = true;  // in int32_data
  const ModelBytes bytes = ModelBuilder()
                               .input("x", half, {2, 64})
                               .initializer("p", one)
                               .constant("c", one)
                               .node("Cast", {"x"}, {"d"}, {attr("to", 10)}, "cast")
                               .node("Cast", {"x"}, {"i"}, {attr("to", 7)}, "ints")
                               .node("RandomNormalLike", {"d"}, {"r"}, {attr("dtype", 10)}, "r")
                               .node("Sum", {"d", "r", "c", "p"}, {"y"})
                               .output("y", half, {2, 64})
                               .bytes();
  const Graph graph = Graph::import(test::source(bytes));
  EXPECT_EQ(named(graph, "cast").view.integer("to", 0), 1);
  EXPECT_EQ(named(graph, "ints").view.integer("to", 0), 7);
  EXPECT_EQ(named(graph, "r").view.integer("dtype", 0), 1);
  for (const char* name : {"c", "p"}) {
    const Constant& constant = graph.constant(find_constant(graph, name));
    EXPECT_EQ(constant.tensor.type, ElementType::float32);
    float number = 0;
    std::memcpy(&number, graph.elements(constant).data(), 4);
    EXPECT_EQ(number, 1.5F) << name;
  }
}

TEST(Widening, LeavesAloneWhatOnlyStoresHalves) {
  const ModelBytes bytes = ModelBuilder()
                               .input("x", ElementType::float32, {2, 64})
                               .initializer("W", halves({64, 64}))
                               .node("Cast", {"W"}, {"V"}, {attr("to", 1)})
                               .node("MatMul", {"x", "V"}, {"y"})
                               .output("y", ElementType::float32, {2, 64})
                               .bytes();
  const Graph graph = Graph::import(test::source(bytes));
  EXPECT_EQ(graph.widening(), nullptr);
}

TEST(Widening, LeavesAloneOperatorsThatNobodyKnows) {
  const ModelBytes bytes =
      model().opset(1, "mine").node("Mystery", {"x"}, {"z"}, {}, "", "mine").bytes();
  const Graph graph = Graph::import(test::source(bytes));
  EXPECT_EQ(graph.widening(), nullptr);
}

}  // namespace
}  // namespace octet::graph
