// LSTMs, computed in INT8.
#include <gtest/gtest.h>

#include "forms/result_test.hpp"

namespace octet::forms {
namespace {

using base::ElementType;
using test::attr;
using test::Attribute;
using test::ModelBuilder;
using test::Names;
using test::weight;

using DynamicLstm = test::OrtTest;

constexpr std::int64_t steps = 12, batch = 3, input = 40, hidden = 48;
// Rounding of inputs and states, added up over a dozen steps.
constexpr double close = 0.05;

struct Shape {
  std::int64_t directions = 1;
  std::int64_t odd = 0;  // more inputs: rows of the weight that have no partner
};

ModelBuilder weights_of(Shape shape, float deviation = 0.1F) {
  const std::int64_t d = shape.directions;
  return std::move(ModelBuilder()
                       .opset(14)
                       .initializer("W", weight({d, 4 * hidden, input + shape.odd}, 1, deviation))
                       .initializer("R", weight({d, 4 * hidden, hidden}, 2, deviation))
                       .initializer("B", weight({d, 8 * hidden}, 3, 0.1F))
                       .initializer("P", weight({d, 3 * hidden}, 4, 0.1F)));
}

ModelBuilder lstm(Names inputs, std::vector<Attribute> attributes = {}, Shape shape = {},
                  Names outputs = {"y", "h", "c"}) {
  if (shape.directions == 2) attributes.push_back(attr("direction", "bidirectional"));
  attributes.push_back(attr("hidden_size", hidden));
  ModelBuilder out = weights_of(shape);
  for (const std::string& name : inputs) {
    if (name == "x")
      out.input("x", ElementType::float32, {steps, batch, input + shape.odd});
    else if (name == "h0" || name == "c0")
      out.input(name, ElementType::float32, {shape.directions, batch, hidden});
    else if (name == "lengths")
      out.input(name, ElementType::int32, {batch});
  }
  out.node("LSTM", std::move(inputs), outputs, std::move(attributes), "r");
  for (const std::string& name : outputs) {
    if (!name.empty()) out.output(name, ElementType::float32);
  }
  return out;
}

base::NamedTensor sequence(std::int64_t odd = 0) {
  return test::input("x", {steps, batch, input + odd});
}

base::NamedTensor state(const char* name, std::int64_t directions, unsigned seed) {
  return {name, test::host(weight({directions, batch, hidden}, seed, 0.5F))};
}

base::NamedTensor lengths() {
  return {"lengths", test::host(test::tensor<std::int32_t>({batch}, {steps, 5, 1}))};
}

TEST_F(DynamicLstm, ComputesBothWeightsInInt8) {
  const Result result = quantize(lstm({"x", "W", "R", "B"}));
  EXPECT_EQ(result.form("r"), "dynamic_lstm");
  EXPECT_EQ(result.reason("r"), "fast");
  EXPECT_EQ(result.decision("r").ops, "contrib");
  EXPECT_EQ(result.weight("r", 1).storage, "int8");
  EXPECT_EQ(result.weight("r", 2).storage, "int8");
  EXPECT_EQ(result.weight("r", 1).granularity, "per_channel");
  EXPECT_EQ(result.ops().at("DynamicQuantizeLSTM"), 1);
  const graph::Graph graph = result.graph();
  EXPECT_EQ(graph.model().opset("com.microsoft"), 1);
  for (const auto& [slot, inputs] : {std::pair{1, input}, std::pair{2, hidden}}) {
    EXPECT_EQ(result.weight("r", slot).bytes_after,
              static_cast<std::uint64_t>(4 * hidden * inputs + 16 * hidden));
  }
  EXPECT_LT(result.error({sequence()}), close);
}

// The zero points must be as many as the scales: with fewer ONNX Runtime reads past their end.
TEST_F(DynamicLstm, GivesEachOfTwoDirectionsItsOwnScales) {
  const Result result = quantize(lstm({"x", "W", "R", "B"}, {}, {.directions = 2}));
  EXPECT_EQ(result.form("r"), "dynamic_lstm");
  EXPECT_LT(result.error({sequence()}), close);
  const graph::Graph graph = result.graph();
  for (const graph::Constant& c : graph.constants()) {
    const bool per_gate = c.tensor.name.find("zero_points") != std::string_view::npos ||
                          c.tensor.name.ends_with("_scale");
    if (!per_gate) continue;
    EXPECT_EQ(c.tensor.dims, (std::vector<std::int64_t>{2, 4 * hidden}));
  }
}

TEST_F(DynamicLstm, TakesWhateverTheLstmTakes) {
  const test::Feed all = {sequence(), lengths(), state("h0", 1, 7), state("c0", 1, 8)};
  const test::Feed both = {sequence(), lengths(), state("h0", 2, 7), state("c0", 2, 8)};
  const Names full = {"x", "W", "R", "B", "lengths", "h0", "c0", "P"};
  EXPECT_LT(quantize(lstm({"x", "W", "R"})).error({sequence()}), close);
  EXPECT_LT(quantize(lstm(full)).error(all), close);
  EXPECT_LT(quantize(lstm(full, {}, {.directions = 2})).error(both), close);
  EXPECT_LT(quantize(lstm({"x", "W", "R", "", "", "", "", "P"})).error({sequence()}), close);
  EXPECT_LT(quantize(lstm({"x", "W", "R", "B", "lengths"})).error({all[0], all[1]}), close);
}

TEST_F(DynamicLstm, KeepsTheAttributes) {
  const Names inputs = {"x", "W", "R", "B"};
  EXPECT_LT(quantize(lstm(inputs, {attr("direction", "reverse")})).error({sequence()}), close);
  EXPECT_LT(quantize(lstm(inputs, {attr("clip", 0.5F)})).error({sequence()}), close);
  EXPECT_LT(quantize(lstm(inputs, {attr("input_forget", 1)})).error({sequence()}), close);
  const Attribute relu = attr("activations", Names{"Sigmoid", "Relu", "Tanh"});
  EXPECT_LT(quantize(lstm(inputs, {relu})).error({sequence()}), close);
}

TEST_F(DynamicLstm, GivesOnlyTheOutputsThatWereAskedFor) {
  const Names inputs = {"x", "W", "R", "B"};
  for (const Names& outputs : {Names{"", "h"}, Names{"y"}, Names{"", "", "c"}}) {
    const Result result = quantize(lstm(inputs, {}, {}, outputs));
    EXPECT_EQ(result.form("r"), "dynamic_lstm");
    EXPECT_LT(result.error({sequence()}), close);
  }
}

TEST_F(DynamicLstm, TakesAnOddNumberOfInputs) {
  EXPECT_LT(quantize(lstm({"x", "W", "R", "B"}, {}, {1, 1})).error({sequence(1)}), close);
}

TEST_F(DynamicLstm, HasOneScaleADirectionPerTensor) {
  PlanOptions planning;
  planning.per_channel = false;
  const Result result =
      quantize(lstm({"x", "W", "R", "B"}, {}, {.directions = 2}), planned(planning));
  EXPECT_EQ(result.form("r"), "dynamic_lstm");
  EXPECT_EQ(result.weight("r", 1).granularity, "per_tensor");
  EXPECT_LT(result.error({sequence()}), 2 * close);
}

TEST_F(DynamicLstm, ComputesWithUint8OnRequest) {
  PlanOptions planning;
  planning.weight_type = "uint8";
  const Result result =
      quantize(lstm({"x", "W", "R", "B"}, {}, {.directions = 2}), planned(planning));
  EXPECT_EQ(result.weight("r", 1).storage, "uint8");
  EXPECT_LT(result.error({sequence()}), close);
}

// ONNX Runtime computes no batch-first LSTM: the same with Transposes around a steps-first one is
// what it is held against.
TEST_F(DynamicLstm, TurnsABatchFirstLstm) {
  const auto build = [](bool layout) {
    ModelBuilder out = weights_of({.directions = 2});
    out.input("x", ElementType::float32, {batch, steps, input})
        .input("h0", ElementType::float32, {batch, 2, hidden});
    const std::vector<Attribute> common = {attr("hidden_size", hidden),
                                           attr("direction", "bidirectional")};
    if (layout) {
      std::vector<Attribute> attributes = common;
      attributes.push_back(attr("layout", 1));
      out.node("LSTM", {"x", "W", "R", "B", "", "h0"}, {"y", "h", "c"}, attributes, "r");
    } else {
      const auto perm = [](std::vector<std::int64_t> p) {
        return std::vector<Attribute>{attr("perm", p)};
      };
      out.node("Transpose", {"x"}, {"xt"}, perm({1, 0, 2}))
          .node("Transpose", {"h0"}, {"ht"}, perm({1, 0, 2}))
          .node("LSTM", {"xt", "W", "R", "B", "", "ht"}, {"yt", "hn", "cn"}, common)
          .node("Transpose", {"yt"}, {"y"}, perm({2, 0, 1, 3}))
          .node("Transpose", {"hn"}, {"h"}, perm({1, 0, 2}))
          .node("Transpose", {"cn"}, {"c"}, perm({1, 0, 2}));
    }
    for (const char* name : {"y", "h", "c"}) out.output(name, ElementType::float32);
    return out;
  };
  const Result result = quantize(build(true));
  EXPECT_EQ(result.form("r"), "dynamic_lstm");
  const test::Feed feed = {test::input("x", {batch, steps, input}),
                           {"h0", test::host(weight({batch, 2, hidden}, 7, 0.5F))}};
  EXPECT_LT(test::error_of(result.bytes, build(false).bytes(), feed), close);
}

// Every weight at its largest: pairs of such products overflow 16 bits on CPUs without VNNI.
TEST_F(DynamicLstm, ObeysThePairRuleAlongTheInputs) {
  const Result result = quantize(lstm({"x", "W", "R"}));
  EXPECT_EQ(result.weight("r", 1).range, "pair");
  const graph::Graph graph = result.graph();
  for (const graph::Constant& c : graph.constants()) {
    if (!c.tensor.name.ends_with("_quantized")) continue;
    const std::string q = constant(graph, c.tensor.name);
    const auto columns = static_cast<std::size_t>(4 * hidden);
    for (std::size_t row = 0; row + 1 < q.size() / columns; row += 2) {
      for (std::size_t n = 0; n < columns; ++n) {
        const int sum = static_cast<signed char>(q[row * columns + n]) +
                        static_cast<signed char>(q[(row + 1) * columns + n]);
        ASSERT_LE(std::abs(sum), 128);
      }
    }
  }
}

TEST_F(DynamicLstm, SharesWeightsWithOneThatStaysFloat) {
  PlanOptions planning;
  planning.weight_only = {"second"};
  ModelBuilder model = weights_of({.directions = 2});
  model.input("x", ElementType::float32, {steps, batch, input});
  for (const char* name : {"first", "second"}) {
    model
        .node("LSTM", {"x", "W", "R", "B"}, {std::string(name) + "_y"},
              {attr("hidden_size", hidden), attr("direction", "bidirectional")}, name)
        .output(std::string(name) + "_y", ElementType::float32);
  }
  const Result result = quantize(model, planned(planning));
  EXPECT_EQ(result.form("first"), "dynamic_lstm");
  EXPECT_EQ(result.form("second"), "folded");
  EXPECT_EQ(result.ops().at("LSTM"), 1);
  EXPECT_LT(result.error({sequence()}), close);
}

TEST_F(DynamicLstm, ReadsWeightsOfAnOuterScopeOnce) {
  const auto branch = [](const char* name) {
    return test::GraphBuilder()
        .name(name)
        .node("LSTM", {"x", "W", "R", "B"}, {name}, {attr("hidden_size", hidden)}, name)
        .output(name, ElementType::float32);
  };
  const ModelBuilder model = std::move(
      weights_of({})
          .input("x", ElementType::float32, {steps, batch, input})
          .initializer("cond", test::tensor<bool>({}, {true}))
          .node("If", {"cond"}, {"y"},
                {attr("then_branch", branch("a")), attr("else_branch", branch("b"))}, "if")
          .output("y", ElementType::float32));
  const Result result = quantize(model);
  EXPECT_EQ(result.ops().at("DynamicQuantizeLSTM"), 2);
  EXPECT_EQ(result.tensors(ElementType::int8), 3);  // two weights, zero points
  EXPECT_LT(result.error({sequence()}), close);
}

TEST_F(DynamicLstm, ComesBackFromItsPlan) {
  const Result first = quantize(lstm({"x", "W", "R", "B"}));
  QuantizeOptions options = test::without_proof();
  options.plan = plan_from_json(to_json(first.report.plan));
  EXPECT_EQ(quantize(lstm({"x", "W", "R", "B"}), options).bytes, first.bytes);
}

TEST_F(DynamicLstm, StaysFloatWhereItCannotBe) {
  PlanOptions standard;
  standard.ops = "standard";
  EXPECT_EQ(quantize(lstm({"x", "W", "R", "B"}), planned(standard)).reason("r"), "ops");
  const ModelBuilder odd =
      std::move(ModelBuilder()
                    .input("x", ElementType::float32, {steps, batch, input})
                    .initializer("W", weight({1, 4 * hidden, input + 1}))
                    .initializer("R", weight({1, 4 * hidden, hidden + 1}, 2))
                    .node("LSTM", {"x", "W", "R"}, {"y"}, {attr("hidden_size", hidden)}, "r")
                    .output("y", ElementType::float32));
  EXPECT_EQ(quantize(odd).reason("r"), "recurrence");
  auto values = test::normal_floats(4 * hidden * hidden, 1);
  values[5] = std::numeric_limits<float>::quiet_NaN();
  const ModelBuilder sick =
      std::move(ModelBuilder()
                    .input("x", ElementType::float32, {steps, batch, hidden})
                    .initializer("W", weight({1, 4 * hidden, hidden}))
                    .initializer("R", test::tensor<float>({1, 4 * hidden, hidden}, values))
                    .node("LSTM", {"x", "W", "R"}, {"y"}, {attr("hidden_size", hidden)}, "r")
                    .output("y", ElementType::float32));
  EXPECT_EQ(quantize(sick).reason("r"), "not_finite");
}

TEST_F(DynamicLstm, PaysByItsSizeAndTheTarget) {
  const auto chosen = [](std::int64_t units, test::Dim count, const char* target) {
    const ModelBuilder model =
        std::move(ModelBuilder()
                      .input("x", ElementType::float32, {std::move(count), 1, units})
                      .initializer("W", weight({1, 4 * units, units}))
                      .initializer("R", weight({1, 4 * units, units}, 2))
                      .node("LSTM", {"x", "W", "R"}, {"y"}, {attr("hidden_size", units)}, "r")
                      .output("y", ElementType::float32));
    return quantize(model, with_real_costs(target)).form("r") == "dynamic_lstm";
  };
  EXPECT_TRUE(chosen(256, "steps", "amx_int8"));
  EXPECT_TRUE(chosen(128, 100, "amx_int8"));
  EXPECT_FALSE(chosen(128, 1, "amx_int8"));
  EXPECT_FALSE(chosen(64, 100, "amx_int8"));
  EXPECT_TRUE(chosen(64, 100, "avx512_vnni"));
}

}  // namespace
}  // namespace octet::forms
