// Convolutions as products of gathered rows, against a convolution of integers written out here.
#include <gtest/gtest.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "forms/result_test.hpp"
#include "quant/saturation.hpp"

namespace octet::forms {
namespace {

using base::ElementType;
using test::attr;
using test::ModelBuilder;
using test::weight;
using Numbers = std::vector<std::int64_t>;

using ConvGemm = test::OrtTest;

struct Case {
  Numbers size;
  Numbers kernel;
  Numbers strides;
  Numbers dilations;
  Numbers pads;  // begins, then ends
  std::int64_t batch = 1;
  std::int64_t in = 3;
  std::int64_t out = 18;
  bool bias = true;
  std::string auto_pad = {};
  bool dynamic = false;  // the model does not know batch and sizes
  std::int64_t groups = 1;

  [[nodiscard]] std::size_t axes() const { return size.size(); }
  [[nodiscard]] std::int64_t size_out(std::size_t a) const {
    const std::int64_t reach = (kernel[a] - 1) * dilations[a] + 1;
    return (size[a] + pads[a] + pads[axes() + a] - reach) / strides[a] + 1;
  }
  [[nodiscard]] std::string text() const {
    return fmt::format("{} size {} kernel {} strides {} dilations {} pads {} batch {} {}", auto_pad,
                       fmt::join(size, "x"), fmt::join(kernel, "x"), fmt::join(strides, "x"),
                       fmt::join(dilations, "x"), fmt::join(pads, ","), batch, dynamic);
  }
};

// Numbers that INT8 holds exactly: inputs whole and from -100 to 155 (then the scale is 1), weights
// whole and up to 127 in every column. So the answer is known to the last bit.
std::vector<float> whole_numbers(std::size_t count, int low, int high, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<float> out(count);
  const auto span = static_cast<unsigned>(high - low + 1);
  for (float& x : out) x = static_cast<float>(low + static_cast<int>(random() % span));
  return out;
}

Numbers x_dims(const Case& c) {
  Numbers out = {c.batch, c.in};
  out.insert(out.end(), c.size.begin(), c.size.end());
  return out;
}

Numbers w_dims(const Case& c) {
  Numbers out = {c.out, c.in / c.groups};
  out.insert(out.end(), c.kernel.begin(), c.kernel.end());
  return out;
}

std::vector<float> inputs(const Case& c) {
  auto out = whole_numbers(test::count_of(x_dims(c)), -100, 155, 5);
  // Both ends in every group and every stride: some writings quantize these by themselves.
  for (std::size_t i = 0; i < out.size(); i += 7) out[i] = -100;
  for (std::size_t i = 5; i < out.size(); i += 11) out[i] = 155;
  out.front() = -100;
  out.back() = 155;
  return out;
}

std::vector<float> weights(const Case& c) {
  auto out = whole_numbers(test::count_of(w_dims(c)), -100, 100, 6);
  const std::size_t column = out.size() / static_cast<std::size_t>(c.out);
  for (std::size_t o = 0; o < out.size(); o += column) out[o] = 127;
  return out;
}

std::vector<float> biases(const Case& c) {
  return whole_numbers(static_cast<std::size_t>(c.out), -5000, 5000, 7);
}

// Row-major positions of `dims`, one after the other.
bool next(Numbers& at, const Numbers& dims) {
  for (std::size_t a = dims.size(); a-- > 0;) {
    if (++at[a] < dims[a]) return true;
    at[a] = 0;
  }
  return false;
}

// The oracle: a convolution as its definition has it.
std::vector<float> convolved(const Case& c) {
  const auto x = inputs(c);
  const auto w = weights(c);
  const auto b = biases(c);
  Numbers out_dims = {c.batch, c.out};
  for (std::size_t a = 0; a < c.axes(); ++a) out_dims.push_back(c.size_out(a));
  std::vector<float> out;
  Numbers at(out_dims.size(), 0);
  do {
    std::int64_t sum = c.bias ? static_cast<std::int64_t>(b[static_cast<std::size_t>(at[1])]) : 0;
    const std::int64_t width = c.in / c.groups;
    const std::int64_t group = at[1] / (c.out / c.groups);
    for (std::int64_t channel = 0; channel < width; ++channel) {
      Numbers tap(c.axes(), 0);
      do {
        std::int64_t from = at[0] * c.in + group * width + channel;
        std::int64_t by = at[1] * width + channel;
        bool inside = true;
        for (std::size_t a = 0; a < c.axes(); ++a) {
          const std::int64_t p = at[2 + a] * c.strides[a] + tap[a] * c.dilations[a] - c.pads[a];
          inside = inside && p >= 0 && p < c.size[a];
          from = from * c.size[a] + p;
          by = by * c.kernel[a] + tap[a];
        }
        if (inside) {
          sum += static_cast<std::int64_t>(x[static_cast<std::size_t>(from)]) *
                 static_cast<std::int64_t>(w[static_cast<std::size_t>(by)]);
        }
      } while (next(tap, c.kernel));
    }
    out.push_back(static_cast<float>(sum));
  } while (next(at, out_dims));
  return out;
}

ModelBuilder model(const Case& c, int opset = 13) {
  test::Dims in = {"n", c.in};
  for (std::size_t a = 0; a < c.axes(); ++a) in.emplace_back(fmt::format("s{}", a));
  if (!c.dynamic) {
    in = {c.batch, c.in};
    for (const std::int64_t n : c.size) in.emplace_back(n);
  }
  std::vector<test::Attribute> attributes = {
      attr("kernel_shape", c.kernel), attr("strides", c.strides), attr("dilations", c.dilations),
      attr("group", c.groups)};
  attributes.push_back(c.auto_pad.empty() ? attr("pads", c.pads) : attr("auto_pad", c.auto_pad));
  ModelBuilder out;
  out.opset(opset)
      .input("x", ElementType::float32, in)
      .initializer("W", test::tensor<float>(w_dims(c), weights(c)))
      .initializer("b", test::tensor<float>({c.out}, biases(c)));
  test::Names names = {"x", "W"};
  if (c.bias) names.emplace_back("b");
  return out.node("Conv", names, {"y"}, attributes, "c").output("y", ElementType::float32);
}

QuantizeOptions options(const std::string& ops = "contrib",
                        const std::string& target = "avx512_vnni") {
  PlanOptions planning;
  planning.ops = ops;
  planning.target = target;
  return planned(planning);
}

void expect_exact(const Case& c, const std::string& ops, int opset = 13) {
  const Result result = quantize(model(c, opset), options(ops));
  ASSERT_EQ(result.form("c"), "conv_gemm") << c.text();
  const test::Feed feed = {{"x", test::host(test::tensor<float>(x_dims(c), inputs(c)))}};
  const std::vector<float> expected = convolved(c);
  for (const auto level : {runtime::Optimization::all, runtime::Optimization::off}) {
    const base::Tensor y = test::run(result.bytes, feed, level);
    ASSERT_EQ(y.as<float>().size(), expected.size()) << c.text();
    for (std::size_t i = 0; i < expected.size(); ++i)
      ASSERT_EQ(y.as<float>()[i], expected[i]) << c.text() << " " << ops << " at " << i;
  }
}

void expect_exact(const Case& c) {
  expect_exact(c, "contrib");
  expect_exact(c, "standard");
}

TEST_F(ConvGemm, IsExactInEveryCombinationOfAttributes) {
  for (const std::int64_t kernel : {1, 2, 3}) {
    for (const std::int64_t stride : {1, 2, 3}) {
      for (const std::int64_t dilation : {1, 2}) {
        for (const Numbers& pads :
             {Numbers{0, 0, 0, 0}, Numbers{1, 1, 1, 1}, Numbers{0, 2, 1, 0}}) {
          for (const std::int64_t batch : {1, 2}) {
            for (const bool dynamic : {false, true}) {
              Case c{{7, 5}, {kernel, kernel}, {stride, stride}, {dilation, dilation}, pads};
              c.batch = batch;
              c.dynamic = dynamic;
              c.bias = batch == 1;
              expect_exact(c);
            }
          }
        }
      }
    }
  }
}

TEST_F(ConvGemm, IsExactWhereAxesDiffer) {
  expect_exact({{9, 6}, {3, 1}, {2, 1}, {1, 1}, {1, 0, 1, 0}});
  expect_exact({{6, 9}, {1, 4}, {1, 3}, {1, 2}, {0, 3, 0, 0}});
  Case dynamic{{6, 9}, {1, 4}, {1, 3}, {1, 2}, {0, 3, 0, 0}};
  dynamic.dynamic = true;
  expect_exact(dynamic);
}

TEST_F(ConvGemm, IsExactForSignalsAndVolumes) {
  for (const bool dynamic : {false, true}) {
    for (const std::int64_t stride : {1, 2}) {
      Case signal{{17}, {3}, {stride}, {2}, {2, 1}};
      signal.dynamic = dynamic;
      signal.batch = 3;
      expect_exact(signal);
      Case volume{{4, 5, 3}, {2, 3, 2}, {1, stride, 1}, {1, 1, 1}, {1, 1, 0, 0, 1, 1}};
      volume.dynamic = dynamic;
      volume.batch = 2;
      expect_exact(volume);
    }
  }
}

// What does not fit a core's cache is gathered in parts.
TEST_F(ConvGemm, IsExactInBandsOfRows) {
  Case c{{75, 60}, {3, 3}, {1, 1}, {1, 1}, {1, 1, 1, 1}};
  c.in = 128;
  c.batch = 2;  // 10.4 MB of rows
  expect_exact(c);
  EXPECT_EQ(quantize(model(c), options()).ops()["Gather"], 3);
  c.dynamic = true;
  EXPECT_EQ(quantize(model(c), options()).ops()["MatMulIntegerToFloat"], 1);
}

TEST_F(ConvGemm, IsExactInGroups) {
  for (const std::int64_t kernel : {1, 3}) {
    for (const bool dynamic : {false, true}) {
      Case c{{7, 5}, {kernel, kernel}, {1, 2}, {1, 1}, {0, 1, 1, 0}};
      c.in = 6;
      c.out = 12;
      c.groups = 3;
      c.batch = 2;
      c.dynamic = dynamic;
      expect_exact(c);
      c.bias = false;
      expect_exact(c);
      EXPECT_EQ(quantize(model(c, 11), options()).form("c"), "conv_gemm");
    }
  }
}

TEST_F(ConvGemm, PadsAsAutoPadSays) {
  Case odd{{7, 6}, {3, 2}, {1, 1}, {1, 1}, {1, 0, 1, 1}};
  odd.auto_pad = "SAME_UPPER";
  expect_exact(odd);
  odd.dynamic = true;
  expect_exact(odd);
  Case lower{{7, 6}, {3, 2}, {1, 1}, {1, 1}, {1, 1, 1, 0}};
  lower.auto_pad = "SAME_LOWER";
  expect_exact(lower);
  Case strided{{7, 6}, {3, 3}, {2, 2}, {1, 1}, {1, 0, 1, 1}};
  strided.auto_pad = "SAME_UPPER";
  expect_exact(strided);
  Case valid{{7, 6}, {3, 3}, {2, 2}, {1, 1}, {0, 0, 0, 0}};
  valid.auto_pad = "VALID";
  expect_exact(valid);
}

TEST_F(ConvGemm, TakesTheOldestOpsetThatQuantizes) {
  const Case c{{7, 5}, {3, 3}, {1, 1}, {1, 1}, {1, 1, 1, 1}};
  EXPECT_EQ(quantize(model(c, 11), options()).form("c"), "conv_gemm");
  EXPECT_EQ(quantize(model(c, 10), options("standard")).form("c"), "float");
  Case point{{7, 5}, {1, 1}, {1, 1}, {1, 1}, {0, 0, 0, 0}};
  point.in = 64;
  const Result old = quantize(model(point, 9), options());
  EXPECT_EQ(old.form("c"), "conv_gemm");
  EXPECT_EQ(old.ops()["DynamicQuantizeMatMul"], 1);
  EXPECT_LT(old.error({test::input("x", x_dims(point))}), 0.02);
}

// Floats are gathered, and quantized behind the Gather: padding is 0, and exact.
TEST_F(ConvGemm, IsExactBelowTheOpsetThatQuantizes) {
  for (const std::int64_t groups : {1, 3}) {
    Case c{{7, 5}, {3, 2}, {2, 1}, {1, 2}, {1, 0, 2, 1}};
    c.in = 6;
    c.groups = groups;
    c.batch = 2;
    for (const int opset : {7, 10}) expect_exact(c, "contrib", opset);
    c.dynamic = true;
    EXPECT_EQ(quantize(model(c, 10), options()).form("c"), "float");
  }
}

// A FusedConv with an addend and an activation: what the answers of the Conv become.
TEST_F(ConvGemm, ComputesWhatTheOptimizerFused) {
  struct Fused {
    std::string op;
    std::vector<float> params;
    float (*what)(float);
  };
  const std::vector<Fused> all = {
      {"", {}, [](float x) { return x; }},
      {"Relu", {}, [](float x) { return std::max(x, 0.0F); }},
      {"LeakyRelu", {0.5F}, [](float x) { return x < 0 ? x * 0.5F : x; }},
      {"Clip", {-100, 4000}, [](float x) { return std::clamp(x, -100.0F, 4000.0F); }}};
  for (const Fused& fused : all) {
    for (const bool adds : {false, true}) {
      Case c{{7, 5}, {3, 3}, {1, 1}, {1, 1}, {1, 1, 1, 1}};
      test::Names names = {"x", "W", "b"};
      const Numbers dims = {1, c.out, 7, 5};
      const auto z = whole_numbers(test::count_of(dims), -3000, 3000, 9);
      if (adds) names.emplace_back("z");
      std::vector<test::Attribute> attributes = {attr("pads", c.pads)};
      if (!fused.op.empty()) attributes.push_back(attr("activation", fused.op));
      if (!fused.params.empty()) attributes.push_back(attr("activation_params", fused.params));
      const Result result =
          quantize(ModelBuilder()
                       .opset(13)
                       .opset(1, "com.microsoft")
                       .input("x", ElementType::float32, {1, 3, 7, 5})
                       .initializer("z", test::tensor<float>(dims, z))
                       .initializer("W", test::tensor<float>(w_dims(c), weights(c)))
                       .initializer("b", test::tensor<float>({c.out}, biases(c)))
                       .node("FusedConv", names, {"y"}, attributes, "c", "com.microsoft")
                       .output("y", ElementType::float32),
                   options());
      ASSERT_EQ(result.form("c"), "conv_gemm");
      const base::Tensor y =
          test::run(result.bytes, {{"x", test::host(test::tensor<float>(x_dims(c), inputs(c)))}});
      const std::vector<float> plain = convolved(c);
      for (std::size_t i = 0; i < plain.size(); ++i)
        ASSERT_EQ(y.as<float>()[i], fused.what(plain[i] + (adds ? z[i] : 0))) << fused.op << adds;
    }
  }
}

TEST_F(ConvGemm, IsCloseInEveryEncoding) {
  const Case c{{7, 5}, {3, 3}, {1, 1}, {1, 1}, {1, 1, 1, 1}, 2, 32, 64};
  for (const char* ops : {"contrib", "standard"}) {
    for (const char* type : {"int8", "uint8"}) {
      for (const bool per_channel : {true, false}) {
        for (const bool reduced : {true, false}) {
          PlanOptions planning;
          planning.ops = ops;
          planning.weight_type = type;
          planning.per_channel = per_channel;
          planning.reduce_range = reduced;
          const Result result = quantize(model(c), planned(planning));
          EXPECT_EQ(result.form("c"), "conv_gemm");
          EXPECT_LT(result.error({test::input("x", x_dims(c))}), 0.03)
              << ops << type << per_channel << reduced;
        }
      }
    }
  }
}

TEST_F(ConvGemm, WeightsCannotSaturateUnlessTheTargetCannot) {
  Case c{{5, 5}, {3, 3}, {1, 1}, {1, 1}, {1, 1, 1, 1}, 1, 20, 48};
  const auto saturates = [&](const std::string& target) {
    const Result result = quantize(model(c), options("contrib", target));
    const std::string q = constant(result.graph(), "W_quantized");
    EXPECT_EQ(q.size(), std::size_t{180 * 48});
    return quant::can_saturate(reinterpret_cast<const std::int8_t*>(q.data()), 180, 48, 48, 1);
  };
  EXPECT_FALSE(saturates("portable"));
  EXPECT_TRUE(saturates("avx512_vnni"));
}

TEST_F(ConvGemm, LargeWeightsAreCutIntoShardsThatFit) {
  Case c{{4, 4}, {3, 3}, {1, 1}, {1, 1}, {1, 1, 1, 1}, 1, 128, 600};
  c.bias = false;
  const Result result = quantize(model(c), options());
  EXPECT_LT(result.error({test::input("x", x_dims(c))}), 0.02);
}

// Two that read one value and a third of the same geometry behind them.
ModelBuilder three() {
  return ModelBuilder()
      .input("x", ElementType::float32, {1, 16, 9, 9})
      .initializer("A", weight({16, 16, 3, 3}, 1))
      .initializer("B", weight({16, 16, 3, 3}, 2))
      .initializer("C", weight({16, 16, 3, 3}, 3))
      .node("Conv", {"x", "A"}, {"a"}, {attr("pads", {1, 1, 1, 1})}, "a")
      .node("Conv", {"x", "B"}, {"b"}, {attr("pads", {1, 1, 1, 1})}, "b")
      .node("Add", {"a", "b"}, {"s"})
      .node("Conv", {"s", "C"}, {"y"}, {attr("pads", {1, 1, 1, 1})}, "c")
      .output("y", ElementType::float32);
}

TEST_F(ConvGemm, SharesQuantizingAndIndex) {
  const Result result = quantize(three());
  auto ops = result.ops();
  EXPECT_EQ(ops["MatMulIntegerToFloat"], 3);
  EXPECT_EQ(ops["DynamicQuantizeLinear"], 2);
  EXPECT_EQ(ops["Gather"], 2);
  EXPECT_EQ(result.tensors(ElementType::int32), 2);
  EXPECT_LT(result.error({test::input("x", {1, 16, 9, 9})}), 0.03);
}

TEST_F(ConvGemm, AWeightThatTwoConvolutionsShareIsStoredOnce) {
  const Result result =
      quantize(ModelBuilder()
                   .input("x", ElementType::float32, {1, 16, 9, 9})
                   .initializer("A", weight({16, 16, 3, 3}, 1))
                   .node("Conv", {"x", "A"}, {"h"}, {attr("pads", {1, 1, 1, 1})}, "a")
                   .node("Conv", {"h", "A"}, {"y"}, {attr("dilations", {2, 2})}, "b")
                   .output("y", ElementType::float32));
  EXPECT_EQ(result.form("a"), "conv_gemm");
  EXPECT_EQ(result.form("b"), "conv_gemm");
  EXPECT_EQ(result.tensors(ElementType::int8), 1);
  EXPECT_LT(result.error({test::input("x", {1, 16, 9, 9})}), 0.03);
}

TEST_F(ConvGemm, AnotherReaderGetsTheFloatBack) {
  const Result result =
      quantize(ModelBuilder()
                   .input("x", ElementType::float32, {1, 32, 9, 9})
                   .initializer("A", weight({32, 32, 3, 3}, 1))
                   .node("Conv", {"x", "A"}, {"h"}, {attr("pads", {1, 1, 1, 1})}, "a")
                   .node("Conv", {"h", "A"}, {"y"},
                         {attr("auto_pad", "SAME_LOWER"), attr("strides", {2, 2})}, "b")
                   .node("ReduceSum", {"A"}, {"r"})
                   .node("Add", {"y", "r"}, {"z"})
                   .output("z", ElementType::float32));
  EXPECT_LT(result.error({test::input("x", {1, 32, 9, 9})}), 0.03);
}

TEST_F(ConvGemm, ReadsAWeightBehindATranspose) {
  const Result result = quantize(ModelBuilder()
                                     .input("x", ElementType::float32, {1, 16, 9, 9})
                                     .initializer("A", weight({3, 3, 16, 32}, 1))
                                     .node("Transpose", {"A"}, {"At"}, {attr("perm", {3, 2, 0, 1})})
                                     .node("Conv", {"x", "At"}, {"y"}, {}, "a")
                                     .output("y", ElementType::float32));
  EXPECT_EQ(result.form("a"), "conv_gemm");
  EXPECT_EQ(result.ops()["Transpose"], 2);
  EXPECT_LT(result.error({test::input("x", {1, 16, 9, 9})}), 0.03);
}

// Conv, BatchNormalization; the bias of the convolution and what reads its result besides.
ModelBuilder normalized(bool bias, bool is_read_twice = false) {
  const auto positive = [](unsigned seed) {
    auto out = test::normal_floats(16, seed, 0.2F);
    for (float& x : out) x = std::abs(x) + 0.5F;
    return test::tensor<float>({16}, out);
  };
  ModelBuilder out;
  out.input("x", ElementType::float32, {1, 16, 9, 9})
      .initializer("A", weight({16, 16, 3, 3}, 1))
      .initializer("b", weight({16}, 2, 1))
      .initializer("gamma", weight({16}, 3, 1))
      .initializer("beta", weight({16}, 4, 1))
      .initializer("mean", weight({16}, 5, 1))
      .initializer("variance", positive(6))
      .node("Conv", bias ? test::Names{"x", "A", "b"} : test::Names{"x", "A"}, {"h"}, {}, "a")
      .node("BatchNormalization", {"h", "gamma", "beta", "mean", "variance"}, {"y"},
            {attr("epsilon", 1e-3)}, "n")
      .output("y", ElementType::float32);
  if (is_read_twice) out.output("h", ElementType::float32);
  return out;
}

TEST_F(ConvGemm, TakesTheNormalizationBehindIt) {
  for (const char* ops : {"contrib", "standard"}) {
    for (const bool bias : {true, false}) {
      const Result result = quantize(normalized(bias), options(ops, "portable"));
      EXPECT_EQ(result.form("a"), "conv_gemm");
      EXPECT_EQ(result.ops()["BatchNormalization"], 0);
      EXPECT_LT(result.error({test::input("x", {1, 16, 9, 9})}), 0.03) << ops << bias;
    }
  }
}

TEST_F(ConvGemm, LeavesANormalizationWhereTheConvolutionItselfIsRead) {
  const Result result = quantize(normalized(true, true));
  EXPECT_EQ(result.form("a"), "conv_gemm");
  EXPECT_EQ(result.ops()["BatchNormalization"], 1);
  EXPECT_LT(result.error({test::input("x", {1, 16, 9, 9})}), 0.03);
}

// What two branches share would be out of the other's sight: each makes its own.
TEST_F(ConvGemm, WorksInBranchesThatReadAnOuterValue) {
  const auto branch = [](const std::string& out) {
    return test::GraphBuilder()
        .name(out)
        .initializer("own", weight({16, 16, 3, 3}, out == "p" ? 4 : 5))
        .node("Conv", {"x", "own"}, {out}, {attr("pads", {1, 1, 1, 1})})
        .output(out, ElementType::float32);
  };
  const Result result =
      quantize(ModelBuilder()
                   .input("x", ElementType::float32, {1, 16, 9, 9})
                   .input("c", ElementType::boolean, {})
                   .initializer("A", weight({16, 16, 3, 3}, 1))
                   .node("Conv", {"x", "A"}, {"a"}, {attr("pads", {1, 1, 1, 1})}, "a")
                   .node("If", {"c"}, {"v"},
                         {attr("then_branch", branch("p")), attr("else_branch", branch("q"))})
                   .node("Add", {"a", "v"}, {"y"})
                   .output("y", ElementType::float32));
  EXPECT_EQ(result.ops()["MatMulIntegerToFloat"], 3);
  for (const bool choice : {true, false}) {
    EXPECT_LT(result.error({test::input("x", {1, 16, 9, 9}),
                            {"c", test::host(test::tensor<bool>({}, {choice}))}}),
              0.03);
  }
}

TEST_F(ConvGemm, ComesBackFromAPlan) {
  const Result result = quantize(three());
  QuantizeOptions again = test::without_proof();
  again.plan = plan_from_json(to_json(result.report.plan));
  EXPECT_EQ(test::quantized(result.model, again), result.bytes);
}

TEST_F(ConvGemm, LeavesOthersAsTheyAreAndSaysWhy) {
  const auto reason = [](const test::Dims& x, const Numbers& w,
                         std::vector<test::Attribute> attributes) {
    return quantize(ModelBuilder()
                        .input("x", ElementType::float32, x)
                        .initializer("W", weight(w))
                        .node("Conv", {"x", "W"}, {"y"}, std::move(attributes), "c")
                        .output("y", ElementType::float32))
        .reason("c");
  };
  EXPECT_EQ(reason({1, 512, 9, 9}, {512, 1, 3, 3}, {attr("group", 512)}), "depthwise");
  EXPECT_EQ(reason({1, 512, 9, 9}, {512, 4, 3, 3}, {attr("group", 128)}), "grouped");
  EXPECT_EQ(reason({1, 32, "h", "w"}, {64, 32, 3, 3},
                   {attr("auto_pad", "SAME_UPPER"), attr("strides", {2, 2})}),
            "window");
}

TEST_F(ConvGemm, IsTakenWhereItPays) {
  const auto form = [](const test::Dims& x, const Numbers& w, int pad) {
    return quantize(ModelBuilder()
                        .input("x", ElementType::float32, x)
                        .initializer("W", weight(w))
                        .node("Conv", {"x", "W"}, {"y"}, {attr("pads", Numbers(4, pad))}, "c")
                        .output("y", ElementType::float32),
                    with_real_costs())
        .form("c");
  };
  EXPECT_EQ(form({1, 256, 14, 14}, {256, 256, 3, 3}, 1), "conv_gemm");
  EXPECT_EQ(form({1, 3, 224, 224}, {32, 3, 3, 3}, 1), "float");
  EXPECT_EQ(form({1, 16, 56, 56}, {96, 16, 1, 1}, 0), "folded");
}

}  // namespace
}  // namespace octet::forms
