// Weights in Constant nodes, branches, loop bodies and functions.
#include <gtest/gtest.h>

#include "forms/result_test.hpp"

namespace octet::forms {
namespace {

using base::ElementType;
using test::attr;
using test::GraphBuilder;
using test::ModelBuilder;
using test::weight;

using Scopes = test::OrtTest;
constexpr double close = 0.03;

TEST_F(Scopes, AWeightInAConstantNodeBecomesAnInitializer) {
  const Result result = quantize(ModelBuilder()
                                     .input("x", ElementType::float32, {"n", 256})
                                     .constant("W", weight({256, 256}))
                                     .node("MatMul", {"x", "W"}, {"y"}, {}, "m")
                                     .output("y", ElementType::float32));
  EXPECT_EQ(result.ops(), (std::map<std::string, int>{{"DynamicQuantizeMatMul", 1}}));
  EXPECT_LT(result.error({test::input("x", {3, 256})}), close);
}

TEST_F(Scopes, BothBranchesReadOneOuterWeight) {
  for (const char* ops : {"contrib", "standard"}) {
    PlanOptions planning;
    planning.ops = ops;
    const Result result = quantize(test::branches(), planned(planning));
    EXPECT_EQ(result.form("If#1/then_branch/outer_yes"), "dynamic_matmul");
    EXPECT_EQ(result.form("If#1/else_branch/outer_no"), "dynamic_matmul");
    EXPECT_EQ(result.form("If#1/else_branch/MatMul#1"), "dynamic_matmul");
    EXPECT_EQ(result.tensors(ElementType::int8), 4);  // W, own, own, K
    for (const bool branch : {false, true}) {
      EXPECT_LT(result.error({test::input("x", {3, 256}),
                              {"c", test::host(test::tensor<bool>({}, {branch}))}}),
                close);
    }
  }
}

TEST_F(Scopes, FunctionBodiesStayAsTheyAre) {
  const Result result = quantize(test::branches());
  EXPECT_EQ(result.form("function Twice/MatMul#1"), "float");
  EXPECT_EQ(result.reason("function Twice/MatMul#1"), "in_function");
  const test::ModelBytes model = test::branches().bytes();
  const graph::Graph before = graph::Graph::import(test::source(model));
  const graph::Graph after = result.graph();
  const auto a = before.scopes().back().message;
  const auto b = after.scopes().back().message;
  EXPECT_TRUE(std::equal(a.begin(), a.end(), b.begin(), b.end()));
}

TEST_F(Scopes, LoopBodiesAreQuantized) {
  const GraphBuilder body = GraphBuilder()
                                .name("body")
                                .input("i", ElementType::int64, {})
                                .input("go", ElementType::boolean, {})
                                .input("v", ElementType::float32, {3, 256})
                                .initializer("inner", weight({256, 256}, 2))
                                .node("MatMul", {"v", "W"}, {"a"}, {}, "outer")
                                .node("MatMul", {"a", "inner"}, {"b"}, {}, "own")
                                .node("Tanh", {"b"}, {"next"})
                                .node("Identity", {"go"}, {"again"})
                                .output("again", ElementType::boolean, {})
                                .output("next", ElementType::float32, {3, 256});
  const Result result =
      quantize(ModelBuilder()
                   .input("x", ElementType::float32, {3, 256})
                   .initializer("W", weight({256, 256}))
                   .initializer("trips", test::tensor<std::int64_t>({}, {3}))
                   .initializer("true", test::tensor<bool>({}, {true}))
                   .node("Loop", {"trips", "true", "x"}, {"y"}, {attr("body", body)}, "loop")
                   .output("y", ElementType::float32, {3, 256}));
  EXPECT_EQ(result.form("loop/body/outer"), "dynamic_matmul");
  EXPECT_EQ(result.form("loop/body/own"), "dynamic_matmul");
  EXPECT_EQ(result.tensors(ElementType::int8), 2);
  EXPECT_LT(result.error({test::input("x", {3, 256})}), 0.06);  // three rounds of errors
}

TEST_F(Scopes, AWeightFoldedInABranchIsGivenBackThere) {
  const auto branch = [](const std::string& out) {
    return GraphBuilder()
        .name(out)
        .initializer("own", weight({64, 32, 3, 3}))
        .node("Conv", {"x", "own"}, {out}, {test::attr("group", 2)})
        .output(out, ElementType::float32);
  };
  PlanOptions planning;
  planning.weight_only = {"op:Conv"};
  const Result result =
      quantize(ModelBuilder()
                   .input("x", ElementType::float32, {1, 64, 9, 9})
                   .input("c", ElementType::boolean, {})
                   .node("If", {"c"}, {"y"},
                         {attr("then_branch", branch("p")), attr("else_branch", branch("q"))})
                   .output("y", ElementType::float32),
               planned(planning));
  EXPECT_EQ(result.ops()["Cast"], 2);
  EXPECT_LT(result.error({test::input("x", {1, 64, 9, 9}),
                          {"c", test::host(test::tensor<bool>({}, {true}))}}),
            close);
}

}  // namespace
}  // namespace octet::forms
