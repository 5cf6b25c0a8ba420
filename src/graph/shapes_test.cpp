#include "graph/shapes.hpp"

#include <gtest/gtest.h>

#include "graph/written_test.hpp"

namespace octet::graph {
namespace {

using base::ElementType;
using test::attr;
using test::ModelBuilder;
using test::ModelBytes;
using test::tensor;
using test::weight;
using I64 = std::vector<std::int64_t>;

class ShapesTest : public ::testing::Test {
 protected:
  // The shape of a value of the main graph, as text; "unknown" when not even the rank is known.
  [[nodiscard]] static std::string shape(const ModelBuilder& model, std::string_view name = "y") {
    const ModelBytes bytes = model.bytes();
    const Graph graph = Graph::import(test::source(bytes));
    const Shapes shapes(graph);
    const Shape* found = shapes.of(graph.scope(0).names.at(name));
    return found == nullptr ? "unknown" : to_text(*found);
  }
  // x: [n, 8, 16], W: [16, 4], k: [16], c: [1, 5]
  [[nodiscard]] static ModelBuilder model() {
    return ModelBuilder()
        .input("x", ElementType::float32, {"n", 8, 16})
        .input("u", ElementType::float32)
        .initializer("W", weight({16, 4}))
        .initializer("k", weight({16}))
        .initializer("c", weight({1, 5}))
        .output("y", ElementType::float32);
  }
  [[nodiscard]] static std::string after(const std::string& op, test::Names inputs,
                                         std::vector<test::Attribute> attributes = {}) {
    return shape(model().node(op, std::move(inputs), {"y"}, std::move(attributes)));
  }
  // An operator with a constant list of numbers as its second input.
  [[nodiscard]] static std::string with_list(const std::string& op, const I64& list,
                                             std::vector<test::Attribute> attributes = {}) {
    return shape(model()
                     .initializer("l", tensor<std::int64_t>({std::int64_t(list.size())}, list))
                     .node(op, {"x", "l"}, {"y"}, std::move(attributes)));
  }
};

TEST_F(ShapesTest, KeepSymbolsThroughElementwiseOperators) {
  EXPECT_EQ(after("Relu", {"x"}), "[n, 8, 16]");
  EXPECT_EQ(after("Add", {"x", "k"}), "[n, 8, 16]");
  EXPECT_EQ(after("Add", {"k", "x"}), "[n, 8, 16]");
  EXPECT_EQ(after("Where", {"x", "x", "k"}), "[n, 8, 16]");
  EXPECT_EQ(after("Softmax", {"x"}), "[n, 8, 16]");
}

TEST_F(ShapesTest, SayNothingOfOperatorsTheyDoNotKnow) {
  EXPECT_EQ(after("Mystery", {"x"}), "unknown");
  EXPECT_EQ(after("Relu", {"u"}), "unknown");
  EXPECT_EQ(shape(model().node("Relu", {"x"}, {"y"}, {}, "", "com.somebody")), "unknown");
}

TEST_F(ShapesTest, SayNothingOfSizesThatDoNotGoTogether) {
  EXPECT_EQ(after("Add", {"x", "c"}), "unknown");
  EXPECT_EQ(after("MatMul", {"x", "c"}), "unknown");
}

TEST_F(ShapesTest, FollowMatMulAsNumpyDoes) {
  EXPECT_EQ(after("MatMul", {"x", "W"}), "[n, 8, 4]");
  EXPECT_EQ(after("MatMul", {"x", "k"}), "[n, 8]");
  EXPECT_EQ(after("MatMul", {"k", "W"}), "[4]");
  EXPECT_EQ(after("MatMul", {"k", "k"}), "[]");
}

TEST_F(ShapesTest, KnowTheColumnsOfAGemmWhoseOtherOperandIsUnknown) {
  EXPECT_EQ(after("Gemm", {"u", "W"}), "[?, 4]");
  EXPECT_EQ(after("Gemm", {"u", "W"}, {attr("transB", 1)}), "[?, 16]");
}

TEST_F(ShapesTest, FollowConvolutionsAndPools) {
  const auto conv = [](const std::vector<test::Attribute>& attributes) {
    return shape(ModelBuilder()
                     .input("x", ElementType::float32, {"n", 3, 11, "w"})
                     .initializer("F", weight({6, 3, 3, 3}))
                     .node("Conv", {"x", "F"}, {"y"}, attributes)
                     .output("y", ElementType::float32));
  };
  EXPECT_EQ(conv({}), "[n, 6, 9, ?]");
  EXPECT_EQ(conv({attr("pads", {1, 1, 1, 1})}), "[n, 6, 11, w]");
  EXPECT_EQ(conv({attr("strides", {2, 2}), attr("pads", {1, 1, 1, 1})}), "[n, 6, 6, ?]");
  EXPECT_EQ(conv({attr("dilations", {3, 3})}), "[n, 6, 5, ?]");
  EXPECT_EQ(conv({attr("auto_pad", "SAME_UPPER"), attr("strides", {2, 1})}), "[n, 6, 6, w]");
  EXPECT_EQ(conv({attr("strides", {0, 0})}), "[n, 6, ?, ?]");  // nonsense
  EXPECT_EQ(after("GlobalAveragePool", {"x"}), "[n, 8, 1]");
  EXPECT_EQ(after("MaxPool", {"x"}, {attr("kernel_shape", {3}), attr("strides", {3})}),
            "[n, 8, 5]");
}

TEST_F(ShapesTest, FollowReshapesWithAConstantTarget) {
  EXPECT_EQ(with_list("Reshape", {0, -1}), "[n, 128]");
  EXPECT_EQ(with_list("Reshape", {-1, 16}), "[?, 16]");  // 8·n
  EXPECT_EQ(with_list("Reshape", {-1, 2, 64}), "[n, 2, 64]");
  EXPECT_EQ(with_list("Reshape", {0, 0, -1, 4}), "[n, 8, 4, 4]");
}

TEST_F(ShapesTest, FollowReshapesWithAComputedTarget) {
  EXPECT_EQ(shape(model()
                      .node("Shape", {"x"}, {"s"})
                      .initializer("zero", tensor<std::int64_t>({}, {0}))
                      .initializer("front", tensor<std::int64_t>({1}, {0}))
                      .initializer("rest", tensor<std::int64_t>({1}, {-1}))
                      .node("Gather", {"s", "zero"}, {"n"})
                      .node("Unsqueeze", {"n", "front"}, {"n1"})
                      .node("Concat", {"n1", "rest"}, {"t"}, {attr("axis", 0)})
                      .node("Reshape", {"x", "t"}, {"y"})),
            "[n, 128]");
}

// PyTorch's F.pad, as it is exported: pairs from the last axis to the first, turned into ONNX's
// order by reversing and transposing a matrix of numbers.
TEST_F(ShapesTest, FollowPadsThatPyTorchComputes) {
  const auto list = [](const I64& numbers) {
    return tensor<std::int64_t>({std::int64_t(numbers.size())}, numbers);
  };
  EXPECT_EQ(shape(ModelBuilder()
                      .input("x", ElementType::float32, {"n", 8, 16})
                      .initializer("given", list({3, 4}))  // of the last axis
                      .initializer("missing", list({4}))
                      .initializer("pairs", list({-1, 2}))
                      .initializer("axis", list({0}))
                      .initializer("back", list({-1}))
                      .initializer("least", list({-INT64_MAX}))
                      .initializer("flat", list({-1}))
                      .node("ConstantOfShape", {"missing"}, {"none"},
                            {attr("value", tensor<std::int64_t>({1}, {0}))})
                      .node("Concat", {"given", "none"}, {"all"}, {attr("axis", 0)})
                      .node("Reshape", {"all", "pairs"}, {"rows"})
                      .node("Slice", {"rows", "back", "least", "axis", "back"}, {"reversed"})
                      .node("Transpose", {"reversed"}, {"turned"}, {attr("perm", {1, 0})})
                      .node("Reshape", {"turned", "flat"}, {"pads"})
                      .node("Cast", {"pads"}, {"cast"}, {attr("to", 7)})
                      .node("Pad", {"x", "cast"}, {"y"})
                      .output("y", ElementType::float32)),
            "[n, 8, 23]");
}

TEST_F(ShapesTest, FollowAxesTurnedAddedAndTakenAway) {
  EXPECT_EQ(after("Transpose", {"x"}), "[16, 8, n]");
  EXPECT_EQ(after("Transpose", {"x"}, {attr("perm", {0, 2, 1})}), "[n, 16, 8]");
  EXPECT_EQ(after("Transpose", {"x"}, {attr("perm", {0, 2, 2})}), "unknown");
  EXPECT_EQ(after("Flatten", {"x"}), "[n, 128]");
  EXPECT_EQ(with_list("Unsqueeze", {0, -1}), "[1, n, 8, 16, 1]");
  EXPECT_EQ(after("Unsqueeze", {"x"}, {attr("axes", {1})}), "[n, 1, 8, 16]");
  EXPECT_EQ(with_list("Squeeze", {1}), "[n, 16]");
  EXPECT_EQ(after("Squeeze", {"x"}), "unknown");  // n may be 1
  EXPECT_EQ(with_list("ReduceSum", {-1}), "[n, 8, 1]");
  EXPECT_EQ(after("ReduceMean", {"x"}, {attr("axes", {0, 1}), attr("keepdims", 0)}), "[16]");
}

TEST_F(ShapesTest, FollowPartsPickedJoinedAndCut) {
  EXPECT_EQ(after("Concat", {"x", "x"}, {attr("axis", 1)}), "[n, 16, 16]");
  EXPECT_EQ(after("Concat", {"x", "x"}, {attr("axis", 0)}), "[n + n, 8, 16]");
  EXPECT_EQ(after("Concat", {"x", "u"}, {attr("axis", 1)}), "[n, ?, 16]");
  EXPECT_EQ(with_list("Gather", {1, 2, 3}, {attr("axis", 1)}), "[n, 3, 16]");
  EXPECT_EQ(with_list("Tile", {1, 2, 1}), "[n, 16, 16]");
  EXPECT_EQ(with_list("Expand", {3, 1, 8, 16}), "[3, n, 8, 16]");
  EXPECT_EQ(with_list("Split", {3, 5}, {attr("axis", 1)}), "[n, 3, 16]");
}

TEST_F(ShapesTest, ClampSlicesAsTheOperatorDoes) {
  const auto slice = [](const I64& start, const I64& end, const I64& axis, const I64& step) {
    return shape(model()
                     .initializer("s", tensor<std::int64_t>({1}, start))
                     .initializer("e", tensor<std::int64_t>({1}, end))
                     .initializer("a", tensor<std::int64_t>({1}, axis))
                     .initializer("t", tensor<std::int64_t>({1}, step))
                     .node("Slice", {"x", "s", "e", "a", "t"}, {"y"}));
  };
  EXPECT_EQ(slice({2}, {100}, {1}, {1}), "[n, 6, 16]");
  EXPECT_EQ(slice({-3}, {-1}, {2}, {1}), "[n, 8, 2]");
  EXPECT_EQ(slice({-1}, {INT64_MIN}, {1}, {-3}), "[n, 3, 16]");
  EXPECT_EQ(slice({0}, {INT64_MAX}, {0}, {1}), "[n, 8, 16]");
  EXPECT_EQ(slice({0}, {4}, {0}, {1}), "[?, 8, 16]");
  EXPECT_EQ(slice({5}, {2}, {1}, {1}), "[n, 0, 16]");
}

TEST_F(ShapesTest, FollowRecurrences) {
  const auto lstm = [](std::string_view value) {
    return shape(ModelBuilder()
                     .input("x", ElementType::float32, {"t", "b", 4})
                     .initializer("W", weight({2, 20, 4}))
                     .initializer("R", weight({2, 20, 5}))
                     .node("LSTM", {"x", "W", "R"}, {"y", "h", "c"},
                           {attr("hidden_size", 5), attr("direction", "bidirectional")})
                     .output("y", ElementType::float32),
                 value);
  };
  EXPECT_EQ(lstm("y"), "[t, 2, b, 5]");
  EXPECT_EQ(lstm("c"), "[2, b, 5]");
}

TEST_F(ShapesTest, FollowResizesWithConstantScales) {
  EXPECT_EQ(shape(ModelBuilder()
                      .input("x", ElementType::float32, {"n", 3, 7, 5})
                      .initializer("s", tensor<float>({4}, {1, 1, 2, 1.5F}))
                      .node("Resize", {"x", "", "s"}, {"y"})
                      .output("y", ElementType::float32)),
            "[n, 3, 14, 7]");
}

TEST_F(ShapesTest, TakeDeclarationsWhereNoRuleSaysAnything) {
  EXPECT_EQ(
      shape(model().node("Mystery", {"x"}, {"y"}).value_info("y", ElementType::float32, {"n", 7})),
      "[n, 7]");
}

TEST_F(ShapesTest, IgnoreDeclarationsThatARuleContradicts) {
  EXPECT_EQ(
      shape(model().node("Relu", {"x"}, {"y"}).value_info("y", ElementType::float32, {5, 99, 16})),
      "[n, 8, 16]");
  EXPECT_EQ(shape(model().node("Relu", {"x"}, {"y"}).value_info("y", ElementType::float32, {128})),
            "[n, 8, 16]");
}

TEST_F(ShapesTest, KnowAWeightThatIsAnInputToo) {
  EXPECT_EQ(shape(test::embedding(), "Et"), "[48, 6000]");
  EXPECT_EQ(shape(test::embedding(), "y"), "[batch, length, 6000]");
}

TEST_F(ShapesTest, DoNotTrustATargetThatACallerMayOverride) {
  const auto reshaped = [](std::int64_t ir_version) {
    return shape(model()
                     .ir_version(ir_version)
                     .input("t", ElementType::int64, {2})
                     .initializer("t", tensor<std::int64_t>({2}, {-1, 128}))
                     .node("Reshape", {"x", "t"}, {"y"}));
  };
  EXPECT_EQ(reshaped(3), "[n, 128]");
  EXPECT_EQ(reshaped(8), "[?, ?]");
}

TEST_F(ShapesTest, GoIntoBranchesAndComeBackWithWhatBothSay) {
  EXPECT_EQ(shape(test::branches(), "v"), "[batch, 256]");
  const ModelBytes bytes = test::branches().bytes();
  const Graph graph = Graph::import(test::source(bytes));
  const Shapes shapes(graph);
  int seen = 0;
  for (ValueId id = 0; id < graph.values().size(); ++id) {
    if (graph.value(id).name != "u") continue;
    ASSERT_NE(shapes.of(id), nullptr);
    EXPECT_EQ(to_text(*shapes.of(id)), "[batch, 256]");
    ++seen;
  }
  EXPECT_EQ(seen, 2);
}

TEST_F(ShapesTest, SayOfALoopOnlyWhatEveryRoundKeeps) {
  const auto body = [](const char* op, test::Names inputs) {  // Concat: on the first axis
    return test::GraphBuilder()
        .input("i", ElementType::int64, {})
        .input("go", ElementType::boolean, {})
        .input("s", ElementType::float32)
        .node("Identity", {"go"}, {"again"})
        .node(op, std::move(inputs), {"next"})
        .node("Identity", {"k"}, {"piece"})
        .output("again", ElementType::boolean)
        .output("next", ElementType::float32)
        .output("piece", ElementType::float32);
  };
  const auto loop = [&](const test::GraphBuilder& graph, std::string_view value) {
    return shape(model()
                     .initializer("m", tensor<std::int64_t>({}, {3}))
                     .node("Loop", {"m", "", "x"}, {"last", "y"}, {attr("body", graph)}),
                 value);
  };
  EXPECT_EQ(loop(body("Add", {"x", "k"}), "last"), "[n, 8, 16]");
  EXPECT_EQ(loop(body("Transpose", {"x"}), "last"), "[?, 8, ?]");
  EXPECT_EQ(loop(body("Concat", {"s", "x"}), "last"), "[?, 8, 16]");
  EXPECT_EQ(loop(body("Add", {"x", "k"}), "y"), "[?, 16]");
}

TEST_F(ShapesTest, TakeWhatTheyAreGiven) {
  const ModelBytes bytes = model().node("MatMul", {"u", "W"}, {"y"}).bytes();
  const Graph graph = Graph::import(test::source(bytes));
  const auto& names = graph.scope(0).names;
  const Shapes shapes(graph, {{names.at("u"), {sized(3), sized(16)}}});
  EXPECT_EQ(to_text(*shapes.of(names.at("y"))), "[3, 4]");
}

TEST_F(ShapesTest, KnowElementTypesToo) {
  const auto type = [](const std::string& op, std::vector<test::Attribute> attributes = {}) {
    const ModelBytes bytes = model().node(op, {"x", "k"}, {"y"}, std::move(attributes)).bytes();
    const Graph graph = Graph::import(test::source(bytes));
    return Shapes(graph).type(graph.scope(0).names.at("y"));
  };
  EXPECT_EQ(type("Add"), ElementType::float32);
  EXPECT_EQ(type("Less"), ElementType::boolean);
  EXPECT_EQ(type("Shape"), ElementType::int64);
  EXPECT_EQ(type("Cast", {attr("to", 10)}), ElementType::float16);
  EXPECT_EQ(type("QuantizeLinear"), ElementType::float32);  // as declared: no rule
  EXPECT_EQ(type("DynamicQuantizeLinear"), ElementType::uint8);
}

TEST_F(ShapesTest, WalkAChainOf120000NodesInAnyOrder) {
  ModelBuilder backwards;
  backwards.input("v0", ElementType::float32, {"n", 8});
  for (int i = 120000; i > 0; --i)
    backwards.node("Identity", {"v" + std::to_string(i - 1)}, {"v" + std::to_string(i)});
  backwards.output("v120000", ElementType::float32);
  EXPECT_EQ(shape(backwards, "v120000"), "[n, 8]");
}

}  // namespace
}  // namespace octet::graph
