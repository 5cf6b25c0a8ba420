// Attention as ONNX Runtime's optimizer writes it.
#include <gtest/gtest.h>

#include "forms/result_test.hpp"

namespace octet::forms {
namespace {

using base::ElementType;
using test::attr;
using test::Attribute;
using test::ModelBuilder;
using test::weight;

using QuantizedAttention = test::OrtTest;
constexpr double close = 0.03;

ModelBuilder attention(test::Names inputs, std::vector<Attribute> attributes = {}) {
  attributes.push_back(attr("num_heads", 4));
  ModelBuilder out;
  out.opset(1, "com.microsoft")
      .input("x", ElementType::float32, {2, 8, 64})
      .initializer("W", weight({64, 192}, 1, 0.1F))
      .initializer("b", weight({192}, 2, 0.1F));
  if (inputs.size() > 3) out.input("mask", ElementType::int32, {2, 8});
  out.node("Attention", std::move(inputs), {"y"}, std::move(attributes), "a", "com.microsoft")
      .output("y", ElementType::float32);
  return out;
}

const base::NamedTensor rows = test::input("x", {2, 8, 64});

TEST_F(QuantizedAttention, ComputesQueryKeyAndValueInInt8) {
  const Result result = quantize(attention({"x", "W", "b"}));
  EXPECT_EQ(result.form("a"), "quantized_attention");
  EXPECT_EQ(result.weight("a").storage, "int8");
  EXPECT_EQ(result.weight("a").range, "pair");
  EXPECT_EQ(result.ops(),
            (std::map<std::string, int>{{"DynamicQuantizeLinear", 1}, {"QAttention", 1}}));
  EXPECT_LT(result.error({rows}), close);
}

TEST_F(QuantizedAttention, KeepsMaskAndDirection) {
  std::vector<std::int32_t> seen(16, 1);
  std::fill(seen.begin() + 13, seen.end(), 0);
  const base::NamedTensor mask = {"mask", test::host(test::tensor<std::int32_t>({2, 8}, seen))};
  EXPECT_LT(quantize(attention({"x", "W", "b", "mask"})).error({rows, mask}), close);
  EXPECT_LT(quantize(attention({"x", "W", "b"}, {attr("unidirectional", 1)})).error({rows}), close);
}

TEST_F(QuantizedAttention, TakesOneScaleAndUint8) {
  for (const bool per_channel : {true, false}) {
    PlanOptions planning;
    planning.weight_type = "uint8";
    planning.per_channel = per_channel;
    const Result result = quantize(attention({"x", "W", "b"}), planned(planning));
    EXPECT_EQ(result.form("a"), "quantized_attention");
    EXPECT_LT(result.error({rows}), 2 * close);
  }
}

TEST_F(QuantizedAttention, StaysWhereTheInt8OperatorKnowsLess) {
  const Result scaled = quantize(attention({"x", "W", "b"}, {attr("scale", 0.3F)}));
  EXPECT_EQ(scaled.form("a"), "folded");
  EXPECT_EQ(scaled.reason("a"), "attention");
  EXPECT_LT(scaled.error({rows}), close);
  PlanOptions standard;
  standard.ops = "standard";
  EXPECT_EQ(quantize(attention({"x", "W", "b"}), planned(standard)).reason("a"), "ops");
}

}  // namespace
}  // namespace octet::forms
