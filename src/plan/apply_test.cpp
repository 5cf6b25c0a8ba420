// Plans that come back from the user.
#include "plan/apply.hpp"

#include <gtest/gtest.h>

#include "support/sample_models.hpp"

namespace octet::plan {
namespace {

using test::ModelBytes;

class ApplyTest : public ::testing::Test {
 protected:
  [[nodiscard]] QuantizeOptions with_plan() const {
    QuantizeOptions options = test::without_proof();
    options.plan = plan_;
    return options;
  }
  void expect_refused(const std::string& part) const {
    const std::string message = test::refusal(ErrorCode::invalid_argument, [&] {
      (void)quantize_bytes(test::source(model_), with_plan());
    });
    EXPECT_NE(message.find(part), std::string::npos) << message;
  }
  Decision& decision(const std::string& node) {
    for (Decision& d : plan_.decisions) {
      if (d.node == node) return d;
    }
    throw std::runtime_error("no decision");
  }
  ModelBytes model_ = test::mlp().bytes();
  Plan plan_ = make_plan(test::source(model_));
};

TEST_F(ApplyTest, APlanGivesTheBytesThatMakingItGives) {
  EXPECT_EQ(test::quantized(model_, with_plan()), test::quantized(model_));
}

TEST_F(ApplyTest, APlanThatSurvivedJsonGivesTheSameBytes) {
  plan_ = plan_from_json(to_json(plan_));
  EXPECT_EQ(test::quantized(model_, with_plan()), test::quantized(model_));
}

TEST_F(ApplyTest, APlanMayLeaveWeightsOut) {
  plan_.decisions.erase(plan_.decisions.begin() + 1, plan_.decisions.end());
  const ModelBytes result = test::quantized(model_, with_plan());
  EXPECT_LT(result.size(), model_.size());
  EXPECT_GT(result.size(), test::quantized(model_).size());
}

TEST_F(ApplyTest, AnEmptyPlanChangesNothing) {
  plan_.decisions.clear();
  const auto result = quantize_bytes(test::source(model_), with_plan());
  EXPECT_TRUE(result.report.unchanged);
  EXPECT_FALSE(result.report.written);
}

TEST_F(ApplyTest, RefusesAPlanForAnotherModel) {
  const ModelBytes other = test::embedding().bytes();
  plan_ = make_plan(test::source(other));
  expect_refused("the model has no");
}

TEST_F(ApplyTest, RefusesANodeThatIsNotThereAndNamesTheNearest) {
  decision("second").node = "secnd";
  expect_refused("did you mean \"second\"?");
}

TEST_F(ApplyTest, RefusesAnotherWeight) {
  decision("second").weights[0].name = "W3";
  expect_refused("the node reads another weight");
}

TEST_F(ApplyTest, RefusesAnotherInput) {
  decision("second").weights[0].input = 9;
  expect_refused("no weight at input 9");
}

TEST_F(ApplyTest, RefusesAFormThatDoesNotExist) {
  decision("second").form = "magic";
  expect_refused("there is no form \"magic\"");
}

TEST_F(ApplyTest, RefusesAFormThatDoesNotFit) {
  decision("second").form = "embedding_rows";
  expect_refused("node \"second\": embedding_rows is not possible");
  decision("second").form = "dynamic_matmul";
  decision("second").weights[0].storage = "float16";
  decision("second").weights[0].granularity = decision("second").weights[0].range = "none";
  expect_refused("cannot be computed with");
}

TEST_F(ApplyTest, RefusesADecisionGivenTwice) {
  plan_.decisions.push_back(decision("second"));
  expect_refused("second");
}

TEST_F(ApplyTest, RefusesReadersThatWantOneWeightDifferently) {
  model_ = test::ModelBuilder()
               .input("x", base::ElementType::float32, {"n", 256})
               .initializer("W", test::weight({256, 256}))
               .node("MatMul", {"x", "W"}, {"h"}, {}, "one")
               .node("MatMul", {"h", "W"}, {"y"}, {}, "two")
               .output("y", base::ElementType::float32)
               .bytes();
  plan_ = make_plan(test::source(model_));
  decision("two").weights[0].granularity = "per_tensor";
  expect_refused("differently");
}

TEST_F(ApplyTest, CarriesOutWhatThePlannerWouldNotChoose) {
  model_ = test::ModelBuilder()
               .input("x", base::ElementType::float32, {"n", 8})
               .initializer("W", test::weight({8, 3}))
               .node("MatMul", {"x", "W"}, {"y"}, {}, "tiny")
               .output("y", base::ElementType::float32)
               .bytes();
  plan_ = make_plan(test::source(model_));
  Decision& tiny = decision("tiny");
  ASSERT_EQ(tiny.form, "float");
  tiny.form = "dynamic_matmul";
  tiny.weights[0].storage = "int8";
  tiny.weights[0].granularity = "per_channel";
  tiny.weights[0].range = "pair";
  tiny.ops = "contrib";
  const ModelBytes result = test::quantized(model_, with_plan());
  if (test::ort() == nullptr) GTEST_SKIP() << "no ONNX Runtime library: set OCTET_ORT";
  EXPECT_LT(test::error_of(result, model_, {test::input("x", {2, 8})}), 0.05);
}

TEST_F(ApplyTest, DryRunIsTheRealRunWithoutTheFile) {
  for (const bool external : {false, true}) {
    QuantizeOptions options = test::without_proof();
    options.threads = external ? 1 : 2;
    const auto real = quantize_bytes(test::source(model_), options);
    options.dry_run = true;
    const auto dry = quantize_bytes(test::source(model_), options);
    EXPECT_EQ(to_json(dry.report.plan), to_json(real.report.plan));
    EXPECT_EQ(dry.report.bytes_after, real.bytes.size());
    EXPECT_EQ(dry.report.weight_bytes_after, real.report.weight_bytes_after);
    EXPECT_FALSE(dry.report.written);
    EXPECT_TRUE(dry.bytes.empty());
  }
}

TEST_F(ApplyTest, GivesTheSameBytesWithAnyNumberOfThreads) {
  model_ = test::branches().bytes();
  QuantizeOptions options = test::without_proof();
  options.threads = 1;
  const ModelBytes one = test::quantized(model_, options);
  for (const unsigned threads : {0U, 2U, 7U}) {
    options.threads = threads;
    EXPECT_EQ(test::quantized(model_, options), one);
  }
}

// INT8 products are left alone. A folded weight is Cast · Mul now, whose operands are no float
// weights any more but for the scales, which are too small to touch.
TEST_F(ApplyTest, QuantizingTwiceChangesNothingMore) {
  model_ = test::mlp()
               .input("image", base::ElementType::float32, {1, 64, 9, 9})
               .initializer("K", test::weight({96, 64, 3, 3}))
               .node("Conv", {"image", "K"}, {"z"}, {}, "conv")
               .output("z", base::ElementType::float32)
               .bytes();
  const ModelBytes once = test::quantized(model_);
  QuantizeOptions options = test::without_proof();
  options.allow_unchanged = true;
  const auto twice = quantize_bytes(test::source(once), options);
  EXPECT_TRUE(twice.report.unchanged);
  EXPECT_EQ(twice.bytes, once);
  EXPECT_NE(twice.report.detail.find("quantized already"), std::string::npos)
      << twice.report.detail;
}

}  // namespace
}  // namespace octet::plan
