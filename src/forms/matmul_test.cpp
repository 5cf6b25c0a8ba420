// MatMul and its bias, with numbers: the result on ONNX Runtime against the original.
#include <gtest/gtest.h>

#include "forms/result_test.hpp"

namespace octet::forms {
namespace {

using base::ElementType;
using test::attr;
using test::ModelBuilder;
using test::tensor;
using test::weight;

using MatMul = test::OrtTest;
constexpr double close = 0.025;  // of the largest output

ModelBuilder model(const test::Dims& x) {
  return ModelBuilder()
      .input("x", ElementType::float32, x)
      .initializer("W", weight({400, 80}))
      .output("y", ElementType::float32);
}

struct Variant {
  const char* label;
  PlanOptions planning;
};

std::vector<Variant> variants() {
  PlanOptions standard;
  standard.ops = "standard";
  PlanOptions uint8;
  uint8.weight_type = "uint8";
  PlanOptions standard_uint8 = standard;
  standard_uint8.weight_type = "uint8";
  PlanOptions per_tensor;
  per_tensor.per_channel = false;
  PlanOptions standard_per_tensor = standard;
  standard_per_tensor.per_channel = false;
  PlanOptions reduced;
  reduced.reduce_range = true;
  PlanOptions vnni;
  vnni.target = "vnni";
  return {{"default", {}},
          {"standard", standard},
          {"uint8", uint8},
          {"standard uint8", standard_uint8},
          {"per tensor", per_tensor},
          {"standard per tensor", standard_per_tensor},
          {"reduced", reduced},
          {"vnni", vnni}};
}

TEST_F(MatMul, IsCloseForActivationsOfEveryRank) {
  for (const Variant& variant : variants()) {
    for (const std::vector<std::int64_t>& dims : std::vector<std::vector<std::int64_t>>{
             {400}, {1, 400}, {5, 400}, {2, 3, 400}, {2, 1, 3, 400}}) {
      const test::Dims declared(dims.begin(), dims.end());
      const Result result = quantize(model(declared).node("MatMul", {"x", "W"}, {"y"}, {}, "m"),
                                     planned(variant.planning));
      ASSERT_EQ(result.form("m"), "dynamic_matmul");
      EXPECT_LT(result.error({test::input("x", dims)}), close)
          << variant.label << ", rank " << dims.size();
    }
  }
}

TEST_F(MatMul, TakesABiasInsideInBothOrders) {
  for (const bool bias_first : {false, true}) {
    for (const Variant& variant : variants()) {
      const test::Names operands = bias_first ? test::Names{"b", "h"} : test::Names{"h", "b"};
      const Result result = quantize(model({"n", 400})
                                         .initializer("b", weight({80}, 2, 1))
                                         .node("MatMul", {"x", "W"}, {"h"}, {}, "m")
                                         .node("Add", operands, {"y"}),
                                     planned(variant.planning));
      if (variant.planning.ops == "contrib") {
        EXPECT_EQ(result.ops(), (std::map<std::string, int>{{"DynamicQuantizeMatMul", 1}}));
      }
      EXPECT_LT(result.error({test::input("x", {5, 400})}), close) << variant.label;
    }
  }
}

TEST_F(MatMul, TakesARowInsideWhenTheActivationHasTwoAxes) {
  const auto with_row = [](const test::Dims& x) {
    return quantize(model(x)
                        .initializer("b", weight({1, 80}, 2, 1))
                        .node("MatMul", {"x", "W"}, {"h"}, {}, "m")
                        .node("Add", {"h", "b"}, {"y"}));
  };
  const Result two = with_row({"n", 400});
  EXPECT_EQ(two.ops()["Add"], 0);
  EXPECT_LT(two.error({test::input("x", {5, 400})}), close);
  const Result one = with_row({400});  // the row gives the output its second axis
  EXPECT_EQ(one.ops()["Add"], 1);
  EXPECT_LT(one.error({test::input("x", {400})}), close);
}

TEST_F(MatMul, LeavesEveryOtherAddendOutside) {
  const std::vector<std::vector<std::int64_t>> shapes = {{},      {1},        {5, 1},
                                                         {5, 80}, {1, 1, 80}, {2, 5, 80}};
  for (const auto& dims : shapes) {
    const Result result = quantize(model({5, 400})
                                       .initializer("b", weight(dims, 2, 1))
                                       .node("MatMul", {"x", "W"}, {"h"}, {}, "m")
                                       .node("Add", {"h", "b"}, {"y"}));
    EXPECT_EQ(result.ops()["Add"], 1) << dims.size();
    EXPECT_LT(result.error({test::input("x", {5, 400})}), close);
  }
}

TEST_F(MatMul, LeavesTheAddWhenSomebodyElseReadsTheProduct) {
  const Result result = quantize(model({"n", 400})
                                     .initializer("b", weight({80}, 2, 1))
                                     .node("MatMul", {"x", "W"}, {"h"}, {}, "m")
                                     .node("Add", {"h", "b"}, {"s"})
                                     .node("Mul", {"s", "h"}, {"y"}));
  EXPECT_EQ(result.ops()["Add"], 1);
  EXPECT_LT(result.error({test::input("x", {5, 400})}), close);
}

TEST_F(MatMul, LeavesTheAddWhenTheProductIsAnOutput) {
  const Result result = quantize(model({"n", 400})
                                     .initializer("b", weight({80}, 2, 1))
                                     .node("MatMul", {"x", "W"}, {"h"}, {}, "m")
                                     .node("Add", {"h", "b"}, {"y"})
                                     .output("h", ElementType::float32));
  EXPECT_EQ(result.ops()["Add"], 1);
  EXPECT_LT(result.error({test::input("x", {5, 400})}), close);
}

TEST_F(MatMul, StoresALargeRowOfBiasOnce) {
  const Result result = quantize(ModelBuilder()
                                     .input("x", ElementType::float32, {"n", 32})
                                     .initializer("W", weight({32, 2048}))
                                     .initializer("b", weight({1, 2048}, 2, 1))
                                     .node("MatMul", {"x", "W"}, {"h"}, {}, "m")
                                     .node("Add", {"h", "b"}, {"y"}, {}, "a")
                                     .output("y", ElementType::float32));
  EXPECT_EQ(result.tensors(ElementType::float16), 0);
  EXPECT_EQ(result.tensors(ElementType::float32), 2);  // the scales and the bias
  EXPECT_LT(result.error({test::input("x", {3, 32})}), close);
}

TEST_F(MatMul, KeepsAConstantActivation) {
  const Result result = quantize(ModelBuilder()
                                     .input("z", ElementType::float32, {4, 80})
                                     .initializer("A", weight({4, 400}, 3, 1))
                                     .initializer("W", weight({400, 80}))
                                     .node("MatMul", {"A", "W"}, {"h"}, {}, "m")
                                     .node("Add", {"h", "z"}, {"y"})
                                     .output("y", ElementType::float32));
  EXPECT_LT(result.error({test::input("z", {4, 80})}), close);
}

TEST_F(MatMul, ReadsAWeightThroughTransposeAndIdentity) {
  const Result result = quantize(ModelBuilder()
                                     .input("x", ElementType::float32, {"n", 400})
                                     .initializer("Wt", weight({80, 400}))
                                     .node("Identity", {"Wt"}, {"i"})
                                     .node("Transpose", {"i"}, {"W"}, {attr("perm", {1, 0})})
                                     .node("MatMul", {"x", "W"}, {"y"}, {}, "m")
                                     .output("y", ElementType::float32));
  EXPECT_EQ(result.ops(), (std::map<std::string, int>{{"DynamicQuantizeMatMul", 1}}));
  EXPECT_LT(result.error({test::input("x", {5, 400})}), close);
}

TEST_F(MatMul, LeavesNarrowAndSmallWeightsFloatArithmetic) {
  const Result result = quantize(ModelBuilder()
                                     .input("x", ElementType::float32, {"n", 4096})
                                     .initializer("W", weight({4096, 8}))
                                     .node("MatMul", {"x", "W"}, {"y"}, {}, "m")
                                     .output("y", ElementType::float32),
                                 with_real_costs());
  EXPECT_EQ(result.form("m"), "folded");
  EXPECT_EQ(result.reason("m"), "narrow");
  EXPECT_LT(result.error({test::input("x", {5, 4096})}), close);
}

TEST_F(MatMul, LeavesAWeightWithThreeAxesFloatArithmetic) {
  const Result result = quantize(ModelBuilder()
                                     .input("x", ElementType::float32, {3, 2, 64})
                                     .initializer("W", weight({3, 64, 80}))
                                     .node("MatMul", {"x", "W"}, {"y"}, {}, "m")
                                     .output("y", ElementType::float32));
  EXPECT_EQ(result.form("m"), "folded");
  EXPECT_LT(result.error({test::input("x", {3, 2, 64})}), close);
}

// weight · a = (aᵀ · weightᵀ)ᵀ.
TEST_F(MatMul, ComputesAWeightOnTheLeft) {
  for (const std::vector<std::int64_t>& dims :
       std::vector<std::vector<std::int64_t>>{{400, 6}, {2, 400, 6}, {2, 3, 400, 5}}) {
    for (const char* ops : {"contrib", "standard"}) {
      PlanOptions planning;
      planning.ops = ops;
      const test::Dims declared(dims.begin(), dims.end());
      const Result result = quantize(ModelBuilder()
                                         .input("x", ElementType::float32, declared)
                                         .initializer("W", weight({80, 400}))
                                         .node("MatMul", {"W", "x"}, {"y"}, {}, "m")
                                         .output("y", ElementType::float32),
                                     planned(planning));
      EXPECT_EQ(result.form("m"), "dynamic_matmul");
      EXPECT_EQ(result.weight("m", 0).storage, "int8");
      EXPECT_LT(result.error({test::input("x", dims)}), close) << ops;
    }
  }
}

TEST_F(MatMul, StoresAWeightOnTheLeftOfNobodyKnowsHowManyAxes) {
  const Result result = quantize(ModelBuilder()
                                     .input("x", ElementType::float32)
                                     .initializer("W", weight({80, 400}))
                                     .node("MatMul", {"W", "x"}, {"y"}, {}, "m")
                                     .output("y", ElementType::float32));
  EXPECT_EQ(result.form("m"), "folded");
  EXPECT_EQ(result.reason("m"), "rank");
  EXPECT_LT(result.error({test::input("x", {400, 3})}), close);
}

// As ONNX Runtime's optimizer writes a MatMul with a Transpose or a factor beside it.
TEST_F(MatMul, TakesFusedMatMul) {
  const auto fused = [](std::vector<test::Attribute> attributes, test::Dims dims,
                        std::vector<std::int64_t> w) {
    return ModelBuilder()
        .opset(1, "com.microsoft")
        .input("x", ElementType::float32, std::move(dims))
        .initializer("W", weight(w))
        .initializer("b", weight({80}, 2))
        .node("FusedMatMul", {"x", "W"}, {"m"}, std::move(attributes), "m", "com.microsoft")
        .node("Add", {"m", "b"}, {"y"})
        .output("y", ElementType::float32);
  };
  const Result turned = quantize(fused({attr("transB", 1)}, {2, 5, 400}, {80, 400}));
  EXPECT_EQ(turned.form("m"), "dynamic_matmul");
  EXPECT_LT(turned.error({test::input("x", {2, 5, 400})}), close);
  const Result scaled =
      quantize(fused({attr("transA", 1), attr("alpha", 0.5F)}, {2, 400, 5}, {400, 80}));
  EXPECT_EQ(scaled.form("m"), "dynamic_matmul");
  EXPECT_LT(scaled.error({test::input("x", {2, 400, 5})}), close);
}

}  // namespace
}  // namespace octet::forms
