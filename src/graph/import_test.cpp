// Reading structure: scopes, names, and what is refused.
#include <gtest/gtest.h>

#include "graph/graph.hpp"
#include "octet/error.hpp"
#include "support/sample_models.hpp"

namespace octet::graph {
namespace {

using base::ElementType;
using test::attr;
using test::GraphBuilder;
using test::ModelBuilder;
using test::ModelBytes;
using test::weight;

Graph import(const ModelBytes& bytes) {
  return Graph::import(test::source(bytes));
}

std::string error_of(const ModelBytes& bytes) {
  return test::refusal(ErrorCode::invalid_model, [&] { (void)import(bytes); });
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

const Node& node_named(const Graph& graph, std::string_view name) {
  for (const Node& node : graph.nodes()) {
    if (node.view.name == name) return node;
  }
  throw std::runtime_error("no such node");
}

ModelBuilder with_branch(const GraphBuilder& branch) {
  return ModelBuilder()
      .input("x", ElementType::float32, {2, 2})
      .initializer("W", weight({2, 2}))
      .node("If", {"x"}, {"y"}, {attr("then_branch", branch), attr("else_branch", branch)}, "if")
      .output("y", ElementType::float32, {2, 2});
}

TEST(Import, ReadsNodesValuesAndConstants) {
  const ModelBytes bytes = test::mlp().bytes();
  const Graph graph = import(bytes);
  EXPECT_EQ(graph.nodes().size(), 4U);
  EXPECT_EQ(graph.constants().size(), 4U);
  EXPECT_EQ(graph.model().opset(""), 13);
  EXPECT_EQ(graph.model().opset("com.other"), 0);
  EXPECT_EQ(graph.scope(0).inputs.size(), 1U);
  ASSERT_NE(graph.constant_input(0, 1), nullptr);
  EXPECT_EQ(graph.constant_input(0, 1)->tensor.name, "W1");
  EXPECT_EQ(graph.constant_input(0, 0), nullptr);
  EXPECT_EQ(graph.total_bytes(), bytes.size());
}

TEST(Import, FindsOuterNamesFromInsideABranch) {
  const ModelBytes bytes = with_branch(GraphBuilder()
                                           .node("MatMul", {"x", "W"}, {"z"}, {}, "inner")
                                           .output("z", ElementType::float32, {2, 2}))
                               .bytes();
  const Graph graph = import(bytes);
  ASSERT_EQ(graph.scopes().size(), 3U);
  EXPECT_EQ(graph.scope(1).path, "if/then_branch/");
  const Node& inner = node_named(graph, "inner");
  EXPECT_EQ(graph.value(inner.inputs[1]).constant, 0U);
  EXPECT_EQ(graph.value(inner.inputs[1]).scope, 0U);
  EXPECT_EQ(graph.value(inner.inputs[1]).uses.size(), 2U);  // one in each branch
}

TEST(Import, LetsAnInnerNameHideAnOuterOne) {
  const ModelBytes bytes = with_branch(GraphBuilder()
                                           .initializer("W", weight({2, 2}, 9))
                                           .node("MatMul", {"x", "W"}, {"z"}, {}, "inner")
                                           .output("z", ElementType::float32, {2, 2}))
                               .bytes();
  const Graph graph = import(bytes);
  EXPECT_EQ(graph.value(node_named(graph, "inner").inputs[1]).scope, 1U);
  EXPECT_TRUE(graph.value(graph.scope(0).names.at("W")).uses.empty());
}

TEST(Import, MarksAnOuterValueThatABranchGivesOut) {
  const ModelBytes bytes =
      with_branch(GraphBuilder().output("W", ElementType::float32, {2, 2})).bytes();
  const Graph graph = import(bytes);
  EXPECT_TRUE(graph.value(graph.scope(0).names.at("W")).is_scope_output);
}

TEST(Import, TakesConstantNodesForConstants) {
  const ModelBytes bytes = test::branches().bytes();
  const Graph graph = import(bytes);
  std::vector<std::string> names;
  for (const Constant& constant : graph.constants()) {
    if (constant.node != none) {
      names.push_back(graph.scope(constant.scope).path + std::string(constant.tensor.name));
    }
  }
  EXPECT_EQ(names, (std::vector<std::string>{"K", "Twice#2/f"}));
}

TEST(Import, SeesThatAnInitializerIsAlsoAnInput) {
  const ModelBytes bytes = test::embedding().bytes();
  const Graph graph = import(bytes);
  EXPECT_TRUE(graph.constant(0).is_graph_input);
  EXPECT_EQ(graph.elements(graph.constant(0)).size(), 6000U * 48U * 4U);
}

TEST(Import, GathersFloatDataOfManyFields) {
  std::string text;
  protozero::pbf_writer writer(text);
  writer.add_int64(1, 3);
  writer.add_int32(2, 1);
  for (const float x : {1.F, 2.F, 3.F}) writer.add_float(4, x);
  writer.add_string(8, "W");
  const ModelBytes bytes = ModelBuilder().graph_field(5, text).bytes();
  const Graph graph = import(bytes);
  const auto elements = graph.elements(graph.constant(0));
  const std::vector<float> expected = {1, 2, 3};
  ASSERT_EQ(elements.size(), 12U);
  EXPECT_EQ(std::memcmp(elements.data(), expected.data(), 12), 0);
}

TEST(Import, GivesANameNobodyDefinesAValueWithoutAProducer) {
  const ModelBytes bytes = ModelBuilder().node("Relu", {"nowhere"}, {"y"}).bytes();
  const Graph graph = import(bytes);
  EXPECT_EQ(graph.value(graph.node(0).inputs[0]).producer, none);
}

TEST(Import, RefusesANameDefinedTwice) {
  const auto base = [] { return ModelBuilder().initializer("W", weight({2})); };
  const auto twice = "\"W\" is defined twice";
  EXPECT_TRUE(has(error_of(base().initializer("W", weight({3})).bytes()), twice));
  EXPECT_TRUE(has(error_of(base().node("Relu", {"x"}, {"W"}).bytes()), twice));
  EXPECT_TRUE(has(error_of(base().constant("W", weight({2})).bytes()), twice));
  EXPECT_TRUE(
      has(error_of(ModelBuilder().node("Relu", {"x"}, {"W"}).node("Relu", {"x"}, {"W"}).bytes()),
          twice));
}

TEST(Import, RefusesWhatIsNotAModel) {
  EXPECT_TRUE(has(error_of({}), "the file is empty"));
  const ModelBytes text(100, std::byte{'a'});
  EXPECT_TRUE(has(error_of(text), "not ONNX"));
  const ModelBytes no_graph = {std::byte{8}, std::byte{7}};
  EXPECT_TRUE(has(error_of(no_graph), "holds no graph"));
  EXPECT_TRUE(has(error_of(ModelBuilder().model_field(7, "").bytes()), "a second graph"));
}

TEST(Import, RefusesInitializersWithoutAName) {
  EXPECT_TRUE(has(error_of(ModelBuilder().initializer("", weight({2})).bytes()), "without a name"));
}

TEST(Import, RefusesAThousandNestedSubgraphs) {
  GraphBuilder graph;
  for (int depth = 0; depth < 1000; ++depth) {
    GraphBuilder outer;
    outer.node("If", {"c"}, {"y"}, {attr("then_branch", graph)});
    graph = outer;
  }
  const ModelBytes bytes = with_branch(graph).bytes();
  EXPECT_TRUE(has(error_of(bytes), "nested too deeply"));
}

TEST(Import, AcceptsThirtyNestedSubgraphs) {
  GraphBuilder graph;
  for (int depth = 0; depth < 30; ++depth) {
    GraphBuilder outer;
    outer.node("If", {"c"}, {"y"}, {attr("then_branch", graph)});
    graph = outer;
  }
  const ModelBytes bytes = with_branch(graph).bytes();
  const Graph imported = import(bytes);
  EXPECT_GT(imported.scopes().size(), 30U);
}

// Every message knows its length, so nearly every cut is noticed; one between two fields of the
// model itself is a shorter model.
TEST(Import, KnowsWhatPeopleTakeForOnnx) {
  const auto said = [](const std::string& text) {
    const auto bytes = std::as_bytes(std::span(text));
    return test::refusal(ErrorCode::invalid_model, [&] {
      (void)Graph::import(ModelSource(std::span<const std::byte>(bytes)));
    });
  };
  EXPECT_NE(said("PK\x03\x04rest").find("zip archive"), std::string::npos);
  EXPECT_NE(said("\x80\x04\x95rest").find("pickle"), std::string::npos);
  EXPECT_NE(said("version https://example").find("Git LFS"), std::string::npos);
}

TEST(Import, RefusesOrReadsEveryTruncationOfAModel) {
  for (const ModelBytes& whole :
       {test::mlp(16, 8).bytes(), with_branch(GraphBuilder()
                                                  .constant("k", test::typed(weight({2, 2})))
                                                  .node("MatMul", {"x", "k"}, {"z"})
                                                  .output("z", ElementType::float32, {2, 2}))
                                      .bytes()}) {
    std::size_t refused = 0;
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const ModelBytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
      try {
        (void)import(cut);
      } catch (const Error& error) {
        ++refused;
        const std::string message = error.what();
        ASSERT_EQ(error.code(), ErrorCode::invalid_model);
        ASSERT_TRUE(has(message, ": byte ") || has(message, "not an ONNX model")) << message;
      }
    }
    EXPECT_GE(refused + 8, whole.size());
  }
}

}  // namespace
}  // namespace octet::graph
