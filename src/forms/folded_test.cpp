// Weights of operators that stay float: stored small, given back once.
#include <gtest/gtest.h>

#include <limits>

#include "forms/result_test.hpp"

namespace octet::forms {
namespace {

using base::ElementType;
using test::attr;
using test::ModelBuilder;
using test::weight;

using Folded = test::OrtTest;
constexpr double close = 0.02;

ModelBuilder conv(const char* op, const std::vector<std::int64_t>& dims, std::int64_t group = 1) {
  return ModelBuilder()
      .input("x", ElementType::float32, {1, 64, 9, 9})
      .initializer("W", weight(dims))
      .node(op, {"x", "W"}, {"y"}, {attr("group", group), attr("pads", {1, 1, 1, 1})}, "c")
      .output("y", ElementType::float32);
}
// A weight of several channels a group, which is only stored.
Result stored_conv(PlanOptions planning = {}) {
  planning.weight_only = {"c"};
  return quantize(conv("Conv", {96, 32, 3, 3}, 2), planned(planning));
}
const test::Feed image = {test::input("x", {1, 64, 9, 9})};

TEST_F(Folded, StoresConvolutionsAsInt8WithAScalePerChannel) {
  for (const char* type : {"int8", "uint8"}) {
    PlanOptions planning;
    planning.weight_type = type;
    const Result result = stored_conv(planning);
    EXPECT_EQ(result.form("c"), "folded");
    EXPECT_EQ(result.reason("c"), "chosen");
    EXPECT_EQ(result.decision("c").bytes_after(), 96U * 32U * 9U + 96U * 4U);
    EXPECT_LT(result.error(image), close) << type;
  }
}

TEST_F(Folded, StoresTransposedConvolutionsByTheirOutputChannels) {
  const Result result = quantize(conv("ConvTranspose", {64, 40, 3, 3}));
  EXPECT_EQ(result.form("c"), "folded");
  EXPECT_EQ(result.tensors(ElementType::int8), 1);
  EXPECT_LT(result.error(image), close);
}

TEST_F(Folded, StoresDepthwiseFiltersAsFloat16) {
  const Result result = quantize(conv("Conv", {512, 1, 3, 3}, 64));
  EXPECT_EQ(result.reason("c"), "depthwise");
  EXPECT_EQ(result.weight("c").storage, "float16");
  EXPECT_LT(result.error(image), 0.001);
}

TEST_F(Folded, StoresPerTensorWhenAsked) {
  PlanOptions planning;
  planning.per_channel = false;
  const Result result = stored_conv(planning);
  EXPECT_EQ(result.decision("c").bytes_after(), 96U * 32U * 9U + 4U);
  EXPECT_LT(result.error(image), 0.05);
}

TEST_F(Folded, StoresRecurrentWeights) {
  for (const char* op : {"RNN", "GRU"}) {
    const std::int64_t gates = op == std::string("RNN") ? 1 : 3;
    const Result result =
        quantize(ModelBuilder()
                     .input("x", ElementType::float32, {5, 2, 128})
                     .initializer("W", weight({1, gates * 128, 128}))
                     .initializer("R", weight({1, gates * 128, 128}, 2))
                     .node(op, {"x", "W", "R"}, {"y"}, {attr("hidden_size", 128)}, "r")
                     .output("y", ElementType::float32));
    EXPECT_EQ(result.form("r"), "folded");
    EXPECT_EQ(result.weight("r", 1).storage, "int8");
    EXPECT_EQ(result.weight("r", 2).storage, "int8");
    EXPECT_EQ(result.tensors(ElementType::int8), 2) << op;
    EXPECT_LT(result.error({test::input("x", {5, 2, 128})}), close) << op;
  }
}

TEST_F(Folded, StoresFloat16OnRequest) {
  PlanOptions planning;
  planning.storage = "float16";
  const Result result = stored_conv(planning);
  EXPECT_EQ(result.weight("c").storage, "float16");
  EXPECT_LT(result.error(image), 0.001);
}

TEST_F(Folded, KeepsFloatOnRequest) {
  PlanOptions planning;
  planning.storage = "float32";
  const Result result = stored_conv(planning);
  EXPECT_EQ(result.reason("c"), "storage");
  EXPECT_EQ(result.bytes, result.model);
}

ModelBuilder with_number(float number, const char* op = "MatMul") {
  auto values = test::normal_floats(256 * 256, 1);
  values[777] = number;
  return ModelBuilder()
      .input("x", ElementType::float32, {256, 256})
      .initializer("W", test::tensor<float>({256, 256}, values))
      .node(op, {"x", "W"}, {"y"}, {}, "n")
      .output("y", ElementType::float32);
}

TEST_F(Folded, KeepsFloatWhenFloat16WouldOverflow) {
  const Result result = quantize(with_number(1e5F, "Mul"));
  EXPECT_EQ(result.form("n"), "float");
  EXPECT_EQ(result.reason("n"), "range");
  EXPECT_EQ(result.bytes, result.model);
  EXPECT_EQ(quantize(with_number(65504, "Mul")).weight("n").storage, "float16");
}

TEST_F(Folded, KeepsFloatForWeightsThatAreNotFinite) {
  for (const float number :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
        -std::numeric_limits<float>::infinity()}) {
    const Result result = quantize(with_number(number));
    EXPECT_EQ(result.form("n"), "float");
    EXPECT_EQ(result.reason("n"), "not_finite");
    EXPECT_EQ(result.bytes, result.model);
  }
}

TEST_F(Folded, KeepsFloatForOperatorsThatMayNeedEveryBit) {
  const Result result = quantize(ModelBuilder()
                                     .input("x", ElementType::float32, {64, 64})
                                     .initializer("W", weight({64, 64}))
                                     .node("Less", {"x", "W"}, {"y"}, {}, "n")
                                     .output("y", ElementType::boolean));
  EXPECT_EQ(result.reason("n"), "operand");
  EXPECT_EQ(result.bytes, result.model);
}

TEST_F(Folded, FollowsTheRulesOfOldOpsets) {
  const auto forms_at = [](std::int64_t opset, const char* ops) {
    PlanOptions planning;
    planning.ops = ops;
    planning.weight_only = {"c"};
    const Result result = quantize(conv("Conv", {96, 32, 3, 3}, 2)
                                       .opset(opset)
                                       .input("z", ElementType::float32, {"n", 256})
                                       .initializer("M", weight({256, 256}))
                                       .node("MatMul", {"z", "M"}, {"w"}, {}, "m")
                                       .output("w", ElementType::float32),
                                   planned(planning));
    EXPECT_LT(result.error({test::input("x", {1, 64, 9, 9}), test::input("z", {3, 256})}), close)
        << opset << ops;
    return result.form("m") + " " + result.form("c");
  };
  EXPECT_EQ(forms_at(6, "contrib"), "dynamic_matmul float");
  EXPECT_EQ(forms_at(7, "contrib"), "dynamic_matmul folded");
  EXPECT_EQ(forms_at(10, "contrib"), "dynamic_matmul folded");
  EXPECT_EQ(forms_at(10, "standard"), "folded folded");
  EXPECT_EQ(forms_at(11, "standard"), "dynamic_matmul folded");
}

}  // namespace
}  // namespace octet::forms
