// Models with nothing to quantize get an answer, not an error: why, and what to do.
#include <gtest/gtest.h>

#include "octet/inspect.hpp"
#include "support/sample_models.hpp"
#include "support/temporary_folder.hpp"

namespace octet {
namespace {

using base::ElementType;
using test::ModelBuilder;
using test::ModelBytes;
using test::weight;

// The answer for this model, which must be "no", and nothing written.
std::string answer(const ModelBuilder& builder, PlanOptions planning = {}) {
  const test::TemporaryFolder folder;
  test::write_file(folder / "in.onnx", builder.bytes());
  QuantizeOptions options = test::without_proof();
  options.planning = std::move(planning);
  const QuantizeReport report = quantize(folder / "in.onnx", folder / "out.onnx", options);
  EXPECT_TRUE(report.unchanged);
  EXPECT_FALSE(report.written);
  EXPECT_EQ(folder.names(), std::set<std::string>{"in.onnx"});
  EXPECT_EQ(report.detail.rfind("nothing to quantize: ", 0), 0U) << report.detail;
  EXPECT_NE(report.detail.find("--allow-unchanged"), std::string::npos);
  options.allow_unchanged = true;
  EXPECT_TRUE(quantize(folder / "in.onnx", folder / "out.onnx", options).written);
  EXPECT_EQ(test::read_bytes(folder / "out.onnx"), builder.bytes());
  return report.detail;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

ModelBuilder identity(const char* op, const char* domain = "") {
  return ModelBuilder()
      .input("x", ElementType::float32, {"n", 4})
      .node(op, {"x"}, {"y"}, {}, "", domain)
      .output("y", ElementType::float32, {"n", 4});
}

TEST(NothingToQuantize, ATreeEnsemble) {
  EXPECT_TRUE(has(answer(identity("TreeEnsembleRegressor", "ai.onnx.ml")), "tree ensemble"));
}

TEST(NothingToQuantize, AModelWithWeightsInAttributes) {
  EXPECT_TRUE(
      has(answer(identity("LinearClassifier", "ai.onnx.ml")), "attributes of LinearClassifier"));
}

TEST(NothingToQuantize, AModelWithoutWeights) {
  EXPECT_TRUE(has(answer(identity("Relu")), "holds no float weights"));
}

TEST(NothingToQuantize, AModelThatIsQuantizedAlready) {
  const ModelBytes once = test::quantized(test::mlp().bytes());
  QuantizeOptions options = test::without_proof();
  const auto twice = quantize_bytes(test::source(once), options);
  EXPECT_TRUE(twice.bytes.empty());
  EXPECT_TRUE(has(twice.report.detail, "quantized already; start from the float model"))
      << twice.report.detail;
}

TEST(NothingToQuantize, AModelThatSomebodyElseStoredAsIntegers) {
  const std::string said = answer(
      ModelBuilder()
          .input("x", ElementType::float32, {"n", 64})
          .initializer("q", test::tensor<std::int8_t>({64, 64}, std::vector<std::int8_t>(4096, 3)))
          .initializer("s", test::tensor<float>({}, {0.01F}))
          .node("Cast", {"q"}, {"f"}, {test::attr("to", 1)})
          .node("Mul", {"f", "s"}, {"W"})
          .node("MatMul", {"x", "W"}, {"y"})
          .output("y", ElementType::float32));
  EXPECT_TRUE(has(said, "quantized already; start from the float model")) << said;
}

TEST(NothingToQuantize, HalvesAmongOperatorsThatNobodyKnows) {
  test::TensorSpec half{.type = ElementType::float16, .dims = {64, 64}};
  half.raw.resize(64 * 64 * 2);
  EXPECT_TRUE(has(answer(ModelBuilder()
                             .input("x", ElementType::float16, {"n", 64})
                             .initializer("W", half)
                             .opset(1, "mine")
                             .node("MatMul", {"x", "W"}, {"h"})
                             .node("Mystery", {"h"}, {"y"}, {}, "", "mine")
                             .output("y", ElementType::float16)),
                  "its operators compute in float16"));
}

TEST(NothingToQuantize, WeightsThatAreMadeWhileItRuns) {
  EXPECT_TRUE(has(answer(ModelBuilder()
                             .input("s", ElementType::int64, {2})
                             .node("ConstantOfShape", {"s"}, {"w"})
                             .node("MatMul", {"w", "w"}, {"y"})
                             .output("y", ElementType::float32)),
                  "ConstantOfShape"));
}

TEST(NothingToQuantize, EverythingExcludedOrTiny) {
  PlanOptions planning;
  planning.exclude = {"*"};
  EXPECT_TRUE(has(answer(test::mlp(), planning), "excluded"));
  EXPECT_TRUE(has(answer(test::mlp(4, 8)), "every weight stays float"));
}

TEST(Inspect, ShowsPortsOperatorsWeightsAndThePlan) {
  const ModelBytes model = test::embedding().bytes();
  const Inspection inspection = inspect(test::source(model));
  EXPECT_EQ(inspection.ir_version, 3);
  EXPECT_EQ(inspection.producer, "octet-test");
  ASSERT_EQ(inspection.inputs.size(), 1U);  // E has a default value
  EXPECT_EQ(inspection.inputs[0].name, "ids");
  EXPECT_EQ(inspection.inputs[0].shape, (std::vector<std::string>{"batch", "length"}));
  EXPECT_EQ(inspection.operators.size(), 3U);
  ASSERT_EQ(inspection.weights.size(), 1U);
  EXPECT_EQ(inspection.weights[0].bytes, 6000U * 48U * 4U);
  EXPECT_EQ(to_json(inspection.plan), to_json(make_plan(test::source(model))));
}

TEST(QuantizeBytes, RefusesExternalData) {
  QuantizeOptions options = test::without_proof();
  options.external_data = true;
  const ModelBytes model = test::mlp().bytes();
  (void)test::refusal(ErrorCode::invalid_argument,
                      [&] { (void)quantize_bytes(test::source(model), options); });
}

TEST(QuantizeBytes, WarnsThatAnInputWithADefaultCannotBeFedAnyMore) {
  const ModelBytes model = test::embedding().ir_version(4).bytes();
  const auto result = quantize_bytes(test::source(model), test::without_proof());
  ASSERT_EQ(result.report.warnings.size(), 1U);
  EXPECT_TRUE(has(result.report.warnings[0], "\"E\" was an input with a default value"));
}

}  // namespace
}  // namespace octet
