// Models that compute in float16, bfloat16 or float64, quantized as models of float32.
#include <gtest/gtest.h>

#include "base/half_floats.hpp"
#include "forms/result_test.hpp"

namespace octet::forms {
namespace {

using base::ElementType;
using test::attr;
using test::GraphBuilder;
using test::ModelBuilder;
using test::TensorSpec;
using test::weight;

using Half = test::OrtTest;
constexpr double close = 0.03;

// The same numbers as another float type.
TensorSpec as(ElementType type, const TensorSpec& spec) {
  TensorSpec out = spec;
  out.type = type;
  out.raw.clear();
  for (std::size_t i = 0; i < spec.raw.size(); i += 4) {
    float number = 0;
    std::memcpy(&number, spec.raw.data() + i, 4);
    const auto append = [&](auto bits) {
      out.raw.append(reinterpret_cast<const char*>(&bits), sizeof bits);
    };
    if (type == ElementType::float32) append(number);
    if (type == ElementType::float16) append(base::float16_from_float(number));
    if (type == ElementType::bfloat16) append(base::bfloat16_from_float(number));
    if (type == ElementType::float64) append(static_cast<double>(number));
  }
  return out;
}

test::Attribute to(ElementType type) {
  return attr("to", static_cast<std::int64_t>(type));
}

// Two layers that compute in `type`; what comes in and goes out is `outer`.
ModelBuilder layers(ElementType type, ElementType outer = ElementType::float32) {
  const bool casts = type != outer;
  ModelBuilder out;
  out.input("x", outer, {"n", 256})
      .initializer("W", as(type, weight({256, 256})))
      .initializer("b", as(type, weight({256}, 2)))
      .initializer("V", as(type, weight({128, 256}, 3)))
      .value_info("h", type, {"n", 256});
  if (casts) out.node("Cast", {"x"}, {"xh"}, {to(type)});
  out.node("MatMul", {casts ? "xh" : "x", "W"}, {"m"}, {}, "first")
      .node("Add", {"m", "b"}, {"a"})
      .node("Relu", {"a"}, {"h"})
      .node("Gemm", {"h", "V"}, {casts ? "g" : "y"}, {attr("transB", 1)}, "second");
  if (casts) out.node("Cast", {"g"}, {"y"}, {to(outer)});
  out.output("y", outer, {"n", 128});
  return out;
}

const test::Feed rows = {test::input("x", {3, 256})};

TEST_F(Half, BecomesInt8) {
  const Result result = quantize(layers(ElementType::float16));
  EXPECT_EQ(result.form("first"), "dynamic_matmul");
  EXPECT_EQ(result.form("second"), "dynamic_matmul");
  EXPECT_EQ(result.weight("first").type, "float16");
  EXPECT_EQ(result.weight("first").bytes_before, 2U * 256U * 256U);
  EXPECT_EQ(result.tensors(ElementType::int8), 2);
  EXPECT_EQ(result.tensors(ElementType::float16), 0);
  EXPECT_LT(result.bytes.size(), 256U * 256U + 128U * 256U + 8000U);
  EXPECT_LT(result.error(rows), close);
}

// ONNX Runtime computes no bfloat16 on a CPU: it is held against the same numbers in float32.
TEST_F(Half, BecomesInt8FromBfloat16AndDoubleToo) {
  const test::ModelBytes reference = layers(ElementType::float32).bytes();
  for (const ElementType type : {ElementType::bfloat16, ElementType::float64}) {
    const Result result = quantize(layers(type));
    EXPECT_EQ(result.form("first"), "dynamic_matmul");
    EXPECT_EQ(result.weight("second").type, base::element_name(type));
    EXPECT_LT(test::error_of(result.bytes, reference, rows), close);
  }
}

TEST_F(Half, InputsAndOutputsKeepTheirTypes) {
  for (const ElementType type : {ElementType::float16, ElementType::float64}) {
    const Result result = quantize(layers(type, type));
    EXPECT_EQ(result.form("second"), "dynamic_matmul");
    const graph::Graph graph = result.graph();
    EXPECT_EQ(graph.scope(0).inputs.at(0).type, type);
    EXPECT_EQ(graph.scope(0).outputs.at(0).type, type);
    const test::ModelBytes model = layers(type, type).bytes();
    QuantizeOptions options;
    options.planning.costs = test::int8_always_pays();
    const auto proven = quantize_bytes(test::source(model), options);
    EXPECT_EQ(proven.report.proof.status, Proof::Status::passed) << proven.report.proof.detail;
    EXPECT_EQ(proven.report.gate.status, Gate::Status::passed) << proven.report.gate.detail;
  }
}

TEST_F(Half, WhatIsOnlyStoredComesBack) {
  const ElementType type = ElementType::float16;
  const Result result = quantize(ModelBuilder()
                                     .input("x", ElementType::float32, {1, 64, 9, 9})
                                     .initializer("W", as(type, weight({64, 96, 3, 3})))
                                     .initializer("D", as(type, weight({96, 1, 3, 3})))
                                     .node("Cast", {"x"}, {"xh"}, {to(type)})
                                     .node("ConvTranspose", {"xh", "W"}, {"c"}, {}, "wider")
                                     .node("Conv", {"c", "D"}, {"d"}, {attr("group", 96)}, "depth")
                                     .node("Cast", {"d"}, {"y"}, {to(ElementType::float32)})
                                     .output("y", ElementType::float32));
  EXPECT_EQ(result.form("wider"), "folded");
  EXPECT_EQ(result.weight("wider").storage, "int8");
  EXPECT_EQ(result.form("depth"), "float");
  EXPECT_LT(result.error({test::input("x", {1, 64, 9, 9})}), close);
}

TEST_F(Half, BranchesComputeWideToo) {
  const ElementType type = ElementType::float16;
  const auto branch = [&](const std::string& name) {
    return GraphBuilder()
        .name(name)
        .initializer("own", as(type, weight({256, 256}, name == "yes" ? 5 : 6)))
        .constant("few", as(type, test::tensor<float>({1}, {2})))
        .node("MatMul", {"xh", "own"}, {"t"}, {}, name)
        .node("Mul", {"t", "few"}, {name})
        .output(name, type, {"n", 256});
  };
  const Result result = quantize(
      ModelBuilder()
          .input("x", ElementType::float32, {"n", 256})
          .input("c", ElementType::boolean, {})
          .node("Cast", {"x"}, {"xh"}, {to(type)})
          .node("If", {"c"}, {"v"},
                {attr("then_branch", branch("yes")), attr("else_branch", branch("no"))}, "if")
          .node("Cast", {"v"}, {"y"}, {to(ElementType::float32)})
          .output("y", ElementType::float32, {"n", 256}));
  EXPECT_EQ(result.form("if/then_branch/yes"), "dynamic_matmul");
  EXPECT_EQ(result.form("if/else_branch/no"), "dynamic_matmul");
  for (const bool side : {false, true}) {
    EXPECT_LT(result.error({rows[0], {"c", test::host(test::tensor<bool>({}, {side}))}}), close);
  }
}

// As weights are stored in halves beside float arithmetic, by Octet too.
TEST_F(Half, AWeightBehindACastIsOneWeight) {
  const Result result = quantize(ModelBuilder()
                                     .input("x", ElementType::float32, {"n", 256})
                                     .initializer("W", as(ElementType::float16, weight({256, 256})))
                                     .node("Cast", {"W"}, {"wide"}, {to(ElementType::float32)})
                                     .node("Transpose", {"wide"}, {"turned"})
                                     .node("MatMul", {"x", "turned"}, {"y"}, {}, "m")
                                     .output("y", ElementType::float32, {"n", 256}));
  EXPECT_EQ(result.ops(), (std::map<std::string, int>{{"DynamicQuantizeMatMul", 1}}));
  EXPECT_LT(result.error(rows), close);
}

TEST_F(Half, ModelsOfUnknownOperatorsKeepTheirTypes) {
  const ElementType type = ElementType::float16;
  const Result result = quantize(ModelBuilder()
                                     .opset(1, "mine")
                                     .input("x", type, {"n", 256})
                                     .initializer("W", as(type, weight({256, 256})))
                                     .node("MatMul", {"x", "W"}, {"h"}, {}, "m")
                                     .node("Mystery", {"h"}, {"y"}, {}, "", "mine")
                                     .output("y", type, {"n", 256}));
  EXPECT_EQ(result.form("m"), "float");
  EXPECT_EQ(result.reason("m"), "type");
  EXPECT_EQ(result.bytes, result.model);
}

}  // namespace
}  // namespace octet::forms
