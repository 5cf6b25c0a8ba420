// Calls of model-local functions, written out.
#include <gtest/gtest.h>

#include "graph/written_test.hpp"
#include "octet/error.hpp"

namespace octet::graph {
namespace {

using base::ElementType;
using test::attr;
using test::attr_ref;
using test::FunctionBuilder;
using test::GraphBuilder;
using test::ModelBuilder;
using test::ModelBytes;

FunctionBuilder local(const std::string& name) {
  FunctionBuilder out("local", name);
  out.opset(13);
  return out;
}

ModelBuilder model_with(const FunctionBuilder& function) {
  return std::move(
      ModelBuilder().opset(1, "local").function(function).input("x", ElementType::float32, {2, 3}));
}

std::vector<std::string> nodes_of(const Graph& graph) {
  std::vector<std::string> out;
  for (const Node& node : graph.nodes()) {
    std::string text(node.view.op_type);
    for (const std::string_view input : node.view.inputs) text += " " + std::string(input);
    text += " ->";
    for (const std::string_view output : node.view.outputs) text += " " + std::string(output);
    out.push_back(std::move(text));
  }
  return out;
}

using Lines = std::vector<std::string>;

TEST(Functions, AreWrittenOutAtEachCall) {
  FunctionBuilder twice = local("Twice");
  twice.input("a").output("b").node("Relu", {"a"}, {"h"}).node("Add", {"h", "a"}, {"b"});
  const ModelBytes bytes = model_with(twice)
                               .node("Twice", {"x"}, {"h"}, {}, "first", "local")
                               .node("Twice", {"h"}, {"y"}, {}, "", "local")
                               .output("y", ElementType::float32)
                               .bytes();
  const Graph graph = Graph::import(test::source(bytes));
  EXPECT_EQ(nodes_of(graph), (Lines{"Relu x -> first/h", "Add first/h x -> h",
                                    "Relu h -> Twice#1/h", "Add Twice#1/h h -> y"}));
  EXPECT_EQ(graph.node(0).view.name, "first/Relu#0");
  EXPECT_EQ(graph.node(3).view.name, "Twice#1/Add#1");
  EXPECT_EQ(graph.scopes().size(), 1U);
}

TEST(Functions, WithoutEditsTheModelStaysAsItIs) {
  FunctionBuilder twice = local("Twice");
  twice.input("a").output("b").node("Add", {"a", "a"}, {"b"});
  const ModelBytes bytes = model_with(twice)
                               .node("Twice", {"x"}, {"y"}, {}, "", "local")
                               .output("y", ElementType::float32)
                               .bytes();
  const Graph graph = Graph::import(test::source(bytes));
  EXPECT_EQ(written(Overlay(graph)).model, bytes);
}

TEST(Functions, AreGoneFromAnEditedModel) {
  FunctionBuilder other = FunctionBuilder("far", "Other");
  other.input("a").output("b").opset(13).opset(2, "farther").node("Relu", {"a"}, {"b"});
  const ModelBytes bytes =
      model_with(local("Twice").input("a").output("b").node("Add", {"a", "a"}, {"b"}))
          .function(other)
          .node("Twice", {"x"}, {"h"}, {}, "", "local")
          .node("Relu", {"h"}, {"y"}, {}, "last")
          .output("y", ElementType::float32)
          .bytes();
  const Graph graph = Graph::import(test::source(bytes));
  Overlay overlay(graph);
  overlay.apply({{find_node(graph, "last")}, {{"Tanh", "", "last", {"h"}, {"y"}, {}}}});
  const ModelBytes result = written(overlay).model;
  const Graph after = Graph::import(test::source(result));
  EXPECT_EQ(nodes_of(after), (Lines{"Add x x -> h", "Tanh h -> y"}));
  EXPECT_TRUE(after.written_out().empty());
  EXPECT_EQ(after.model().opset("farther"), 2);
}

TEST(Functions, TakeAttributesFromTheCallOrTheirDefaults) {
  std::string fallback = attr("axis", 1).bytes;
  FunctionBuilder soft = local("Soft");
  soft.input("a").output("b").attribute("keep");
  soft.raw(11, fallback);
  soft.node({"ReduceMax", {"a"}, {"m"}, {attr_ref("keepdims", "keep", 2)}, "", ""});
  soft.node({"Softmax", {"m"}, {"b"}, {attr_ref("axis", "axis", 2)}, "", ""});
  const ModelBytes bytes = model_with(soft)
                               .node("Soft", {"x"}, {"h"}, {attr("keep", 0)}, "", "local")
                               .node("Soft", {"h"}, {"y"}, {attr("axis", 0)}, "", "local")
                               .output("y", ElementType::float32)
                               .bytes();
  const Graph graph = Graph::import(test::source(bytes));
  EXPECT_EQ(graph.node(0).view.integer("keepdims", 7), 0);
  EXPECT_EQ(graph.node(1).view.integer("axis", 7), 1);
  EXPECT_EQ(graph.node(2).view.attribute("keepdims"), nullptr);  // nobody gave it
  EXPECT_EQ(graph.node(3).view.integer("axis", 7), 0);
}

TEST(Functions, LeaveOutInputsAndOutputsAsTheCallDoes) {
  FunctionBuilder clip = local("Clip2");
  clip.input("a").input("low").output("b").output("extra").output("same");
  clip.node("Clip", {"a", "low"}, {"b"}).node("Abs", {"a"}, {"extra"}).node("Neg", {"b"}, {"n"});
  const ModelBytes bytes = model_with(clip)
                               .node("Clip2", {"x"}, {"y"}, {}, "c", "local")
                               .output("y", ElementType::float32)
                               .bytes();
  const Graph graph = Graph::import(test::source(bytes));
  EXPECT_EQ(nodes_of(graph), (Lines{"Clip x  -> y", "Abs x -> c/extra", "Neg y -> c/n"}));
}

TEST(Functions, HandOutAnInputThroughIdentity) {
  FunctionBuilder same = local("Same");
  same.input("a").output("a");
  const ModelBytes bytes = model_with(same)
                               .node("Same", {"x"}, {"y"}, {}, "s", "local")
                               .output("y", ElementType::float32)
                               .bytes();
  EXPECT_EQ(nodes_of(Graph::import(test::source(bytes))), (Lines{"Identity x -> y"}));
}

// Names inside belong to the call; those a branch defines for itself hide the function's.
TEST(Functions, BringTheirBranchesAlong) {
  const auto branch = [](const char* op) {
    return GraphBuilder()
        .name(op)
        .initializer("low", test::tensor<float>({}, {0}))
        .node("Max", {"a", "low"}, {"t"})
        .node(op, {"t"}, {"r"})
        .output("r", ElementType::float32);
  };
  FunctionBuilder choose = local("Choose");
  choose.input("a").input("low").input("c").output("b");
  choose.node("If", {"c"}, {"b"},
              {attr("then_branch", branch("Relu")), attr("else_branch", branch("Tanh"))});
  const ModelBytes bytes = model_with(choose)
                               .input("c", ElementType::boolean, {})
                               .initializer("r", test::tensor<float>({}, {1}))
                               .node("Choose", {"x", "r", "c"}, {"y"}, {}, "k", "local")
                               .output("y", ElementType::float32)
                               .bytes();
  const Graph graph = Graph::import(test::source(bytes));
  EXPECT_EQ(nodes_of(graph), (Lines{"If c -> y", "Max x k/low -> k/t", "Relu k/t -> k/r",
                                    "Max x k/low -> k/t", "Tanh k/t -> k/r"}));
  EXPECT_NE(find_constant(graph, "k/low"), none);
}

TEST(Functions, GetNamesThatNobodyHas) {
  FunctionBuilder twice = local("Twice");
  twice.input("a").output("b").node("Relu", {"a"}, {"h"}).node("Add", {"h", "a"}, {"b"});
  const ModelBytes bytes = model_with(twice)
                               .node("Relu", {"x"}, {"f/h"})
                               .node("Twice", {"f/h"}, {"m"}, {}, "f", "local")
                               .node("Twice", {"m"}, {"y"}, {}, "f", "local")
                               .output("y", ElementType::float32)
                               .bytes();
  EXPECT_EQ(nodes_of(Graph::import(test::source(bytes))),
            (Lines{"Relu x -> f/h", "Relu f/h -> f_1/h", "Add f_1/h f/h -> m", "Relu m -> f_2/h",
                   "Add f_2/h m -> y"}));
}

TEST(Functions, ThatCallThemselvesAreRefused) {
  FunctionBuilder loop = local("Loop2");
  loop.opset(1, "local").input("a").output("b");
  loop.node({"Loop2", {"a"}, {"b"}, {}, "", "local"});
  const ModelBytes bytes = model_with(loop)
                               .node("Loop2", {"x"}, {"y"}, {}, "", "local")
                               .output("y", ElementType::float32)
                               .bytes();
  EXPECT_NE(
      test::refusal(ErrorCode::invalid_model, [&] { (void)Graph::import(test::source(bytes)); })
          .find("calls itself"),
      std::string::npos);
}

// Each calls the next twice: 2^24 nodes.
TEST(Functions, ThatGrowWithoutBoundsAreRefused) {
  ModelBuilder model = model_with(local("F0").input("a").output("b").node("Neg", {"a"}, {"b"}));
  for (int i = 1; i <= 24; ++i) {
    const std::string next = "F" + std::to_string(i - 1);
    FunctionBuilder f = local("F" + std::to_string(i));
    f.opset(1, "local").input("a").output("b");
    f.node({next, {"a"}, {"h"}, {}, "", "local"}).node({next, {"h"}, {"b"}, {}, "", "local"});
    model.function(f);
  }
  const ModelBytes bytes =
      model.node("F24", {"x"}, {"y"}, {}, "", "local").output("y", ElementType::float32).bytes();
  EXPECT_NE(
      test::refusal(ErrorCode::invalid_model, [&] { (void)Graph::import(test::source(bytes)); })
          .find("nodes"),
      std::string::npos);
}

}  // namespace
}  // namespace octet::graph
