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
    EXPECT_EQ(result.tensors(ElementType::int8), 5);  // W, own, own, K, f
    for (const bool branch : {false, true}) {
      EXPECT_LT(result.error({test::input("x", {3, 256}),
                              {"c", test::host(test::tensor<bool>({}, {branch}))}}),
                close);
    }
  }
}

TEST_F(Scopes, WhatAFunctionDoesIsQuantizedWhereItIsCalled) {
  const Result result = quantize(test::branches());
  EXPECT_EQ(result.form("Twice#2/MatMul#1"), "dynamic_matmul");
  EXPECT_FALSE(result.ops().contains("Twice"));
}

// A function in an opset that is not the model's: its operators may mean something else.
TEST_F(Scopes, FunctionsOfAnotherOpsetStayAsTheyAre) {
  const auto values = weight({256, 256}, 8);
  const Result result = quantize(ModelBuilder()
                                     .opset(1, "local")
                                     .function(test::FunctionBuilder("local", "Old")
                                                   .input("a")
                                                   .output("b")
                                                   .opset(12)
                                                   .constant("f", values)
                                                   .node("MatMul", {"a", "f"}, {"b"}))
                                     .input("x", ElementType::float32, {"n", 256})
                                     .initializer("W", weight({256, 256}))
                                     .node("MatMul", {"x", "W"}, {"h"}, {}, "m")
                                     .node("Old", {"h"}, {"y"}, {}, "", "local")
                                     .output("y", ElementType::float32, {"n", 256}));
  EXPECT_EQ(result.form("m"), "dynamic_matmul");
  EXPECT_EQ(result.reason("function Old/MatMul#1"), "in_function");
  EXPECT_TRUE(result.ops().contains("Old"));
  EXPECT_LT(result.error({test::input("x", {3, 256})}), close);
}

// As PyTorch's exporter writes modules: weights are arguments, functions call functions, attributes
// come from the caller.
TEST_F(Scopes, WeightsThatFunctionsAreGivenAreQuantized) {
  const Result result = quantize(
      ModelBuilder()
          .opset(1, "layers")
          .opset(1, "blocks")
          .function(test::FunctionBuilder("layers", "Linear")
                        .input("x")
                        .input("w")
                        .input("b")
                        .output("y")
                        .attribute("turned")
                        .opset(13)
                        .node({"Gemm",
                               {"x", "w", "b"},
                               {"y"},
                               {test::attr_ref("transB", "turned", 2)},
                               "gemm",
                               ""}))
          .function(
              test::FunctionBuilder("blocks", "Mlp")
                  .input("x")
                  .input("w1")
                  .input("w2")
                  .input("b")
                  .output("out")
                  .opset(13)
                  .opset(1, "layers")
                  .node({"Linear", {"x", "w1", "b"}, {"h"}, {attr("turned", 1)}, "up", "layers"})
                  .node({"Relu", {"h"}, {"r"}, {}, "", ""})
                  .node({"Linear", {"r", "w2"}, {"out"}, {}, "down", "layers"}))
          .input("x", ElementType::float32, {"n", 256})
          .initializer("A", weight({320, 256}))
          .initializer("B", weight({320, 256}, 2))
          .initializer("c", weight({320}, 3))
          .node("Mlp", {"x", "A", "B", "c"}, {"h"}, {}, "first", "blocks")
          .node("Mlp", {"h", "A", "B", "c"}, {"y"}, {}, "", "blocks")
          .output("y", ElementType::float32));
  for (const char* call : {"first", "Mlp#1"}) {
    for (const char* layer : {"/up/gemm", "/down/gemm"})
      EXPECT_EQ(result.form(std::string(call) + layer), "dynamic_matmul") << call << layer;
  }
  EXPECT_EQ(result.tensors(ElementType::int8), 2);
  EXPECT_LT(result.error({test::input("x", {3, 256})}), 2 * close);
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
