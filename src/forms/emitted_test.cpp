// What the written file says, byte for byte.
#include <gtest/gtest.h>

#include <cmath>

#include "forms/result_test.hpp"
#include "quant/saturation.hpp"

namespace octet::forms {
namespace {

using base::ElementType;
using test::ModelBuilder;
using test::weight;

constexpr std::size_t rows = 200;
constexpr std::size_t columns = 256;

Result quantized(const PlanOptions& planning = {}) {
  return quantize(ModelBuilder()
                      .input("x", ElementType::float32, {"n", 200})
                      .initializer("W", weight({200, 256}))
                      .node("MatMul", {"x", "W"}, {"h"}, {}, "m")
                      .node("MatMul", {"h", "W2"}, {"y"}, {}, "m2")
                      .initializer("W2", weight({256, 200}, 2))
                      .output("y", ElementType::float32),
                  planned(planning));
}

bool saturates(const Result& result) {
  const std::string q = constant(result.graph(), "W_quantized");
  EXPECT_EQ(q.size(), rows * columns);
  return quant::can_saturate(reinterpret_cast<const std::int8_t*>(q.data()), rows, columns, columns,
                             1);
}

TEST(Emitted, WeightsCannotSaturateUnlessTheTargetCannot) {
  EXPECT_FALSE(saturates(quantized()));
  PlanOptions planning;
  planning.per_channel = false;
  EXPECT_FALSE(saturates(quantized(planning)));
  planning = {};
  planning.ops = "standard";
  EXPECT_FALSE(saturates(quantized(planning)));
  planning = {};
  planning.target = "vnni";
  EXPECT_TRUE(saturates(quantized(planning)));  // 127·2 somewhere: full range is used
}

TEST(Emitted, EveryWeightIsWithinAStepOfItsOriginal) {
  const Result result = quantized();
  const std::string q = constant(result.graph(), "W_quantized");
  const std::string scale_bytes = constant(result.graph(), "W_scale");
  ASSERT_EQ(scale_bytes.size(), columns * 4);
  const auto w = test::normal_floats(rows * columns, 1, 0.05F);
  double squared = 0;
  double power = 0;
  for (std::size_t i = 0; i < w.size(); ++i) {
    float scale = 0;
    std::memcpy(&scale, scale_bytes.data() + 4 * (i % columns), 4);
    ASSERT_GT(scale, 0);
    const float back = scale * static_cast<float>(static_cast<signed char>(q[i]));
    squared += (back - w[i]) * (back - w[i]);
    power += w[i] * w[i];
  }
  EXPECT_LT(std::sqrt(squared / power), 0.02);
}

TEST(Emitted, TheOperatorHasAnExplicitInt8ZeroPointAndOneOpsetImport) {
  const Result result = quantized();
  const graph::Graph graph = result.graph();
  EXPECT_EQ(graph.model().opset("com.microsoft"), 1);
  EXPECT_EQ(graph.model().opsets.size(), 2U);
  for (const graph::Node& node : graph.nodes()) {
    ASSERT_EQ(node.view.op_type, "DynamicQuantizeMatMul");
    EXPECT_EQ(node.view.domain, "com.microsoft");
    ASSERT_EQ(node.view.inputs.size(), 4U);
    const graph::Value& zero = graph.value(node.inputs[3]);
    ASSERT_NE(zero.constant, graph::none);
    EXPECT_EQ(graph.constant(zero.constant).tensor.type, ElementType::int8);
    EXPECT_TRUE(graph.constant(zero.constant).tensor.dims.empty());
    EXPECT_EQ(constant(graph, zero.name), std::string(1, '\0'));
  }
}

TEST(Emitted, AnOpsetImportInPlaceIsNotRepeated) {
  const Result result = quantize(test::mlp().opset(1, "com.microsoft"));
  const graph::Graph graph = result.graph();
  EXPECT_EQ(graph.model().opsets.size(), 2U);
}

TEST(Emitted, StandardOperatorsNeedNoOtherDomain) {
  PlanOptions planning;
  planning.ops = "standard";
  const Result result = quantized(planning);
  const graph::Graph graph = result.graph();
  EXPECT_EQ(graph.model().opsets.size(), 1U);
  EXPECT_EQ(result.ops()["MatMulInteger"], 2);
  for (const graph::Node& node : graph.nodes()) EXPECT_EQ(node.view.domain, "");
}

TEST(Emitted, Uint8IsInt8MovedBy128) {
  PlanOptions planning;
  planning.target = "vnni";
  const std::string plain = constant(quantized(planning).graph(), "W_quantized");
  planning.weight_type = "uint8";
  const Result moved = quantized(planning);
  std::string q = constant(moved.graph(), "W_quantized");
  for (char& c : q) c = static_cast<char>(c ^ '\x80');
  EXPECT_EQ(q, plain);
  EXPECT_EQ(constant(moved.graph(), "octet_zero_point_uint8"), "\x80");
}

TEST(Emitted, ReducedRangeUsesSevenBits) {
  PlanOptions planning;
  planning.reduce_range = true;
  const std::string q = constant(quantized(planning).graph(), "W_quantized");
  for (const char c : q) ASSERT_LE(std::abs(int{static_cast<signed char>(c)}), 64);
}

TEST(Emitted, AnInitializerThatWasAlsoAnInputDisappearsFromTheInputs) {
  const Result result = quantize(test::embedding());
  const graph::Graph graph = result.graph();
  for (const auto& value : graph.scope(0).inputs) EXPECT_NE(value.name, "E");
  EXPECT_EQ(constant(graph, "E"), "");
}

}  // namespace
}  // namespace octet::forms
