// Which layers suffer, on whose account, and that what is suggested was tried.
#include "octet/sensitivity.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/claims.hpp"
#include "support/model_builder.hpp"
#include "support/places.hpp"
#include "support/sample_models.hpp"

namespace octet::tuning {
namespace {

using base::ElementType;
using test::ModelBuilder;
using test::weight;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::int64_t width = 256;

// The column of the input of the second layer that is a thousand times the others.
constexpr std::int64_t outlier = 7;

// x → MatMul "first" → Mul by scales, one of them large → MatMul "second" → + MatMul "third" of x.
std::vector<std::byte> with_outlier() {
  std::vector<float> scales(width, 1.0F);
  scales[outlier] = 1000;
  std::vector<float> small(static_cast<std::size_t>(width * width));
  for (std::size_t i = 0; i < small.size(); ++i)
    small[i] = i / width == outlier ? 0.0F : static_cast<float>(i * 7919 % 61) / 61 - 0.5F;
  return ModelBuilder()
      .opset(17)
      .input("x", ElementType::float32, {"n", width})
      .initializer("w1", weight({width, width}))
      .initializer("scales", test::tensor<float>({width}, scales))
      .initializer("w2", test::tensor<float>({width, width}, small))
      .initializer("w3", weight({width, width}))
      .node("MatMul", {"x", "w1"}, {"a"}, {}, "first")
      .node("Mul", {"a", "scales"}, {"b"}, {}, "scale")
      .node("MatMul", {"b", "w2"}, {"c"}, {}, "second")
      .node("MatMul", {"x", "w3"}, {"d"}, {}, "third")
      .node("Add", {"c", "d"}, {"y"}, {}, "sum")
      .output("y", ElementType::float32, {"n", width})
      .bytes();
}

class SensitivityTest : public ::testing::Test {
 protected:
  void SetUp() override {
    options_.runtime.library = test::ort_library();
    if (options_.runtime.library.empty()) GTEST_SKIP() << "no ONNX Runtime library: set OCTET_ORT";
    options_.planning.target = "avx512_vnni";  // where these layers are computed in integers
  }
  [[nodiscard]] SensitivityReport report_of(const std::vector<std::byte>& model) const {
    return sensitivity(std::span(model), options_);
  }
  SensitivityOptions options_;
};

TEST_F(SensitivityTest, RanksTheLayerWithTheOutlierFirstAndNamesItsColumn) {
  options_.tolerances.min_sqnr_db = 30;
  const SensitivityReport report = report_of(with_outlier());
  ASSERT_THAT(report.layers, SizeIs(3));
  const LayerSensitivity& worst = report.layers.front();
  EXPECT_THAT(worst.nodes, ElementsAre("second"));
  EXPECT_EQ(worst.cause, "input");
  EXPECT_THAT(worst.outlier_columns, ElementsAre(outlier));
  EXPECT_GT(worst.error, 10 * report.layers[1].error);
  EXPECT_LT(worst.weight_error.value_or(1), worst.error / 10);
  EXPECT_FALSE(report.passed);
  EXPECT_THAT(report.keep_float, ElementsAre("second"));
  EXPECT_LT(report.max_abs_diff_left, report.max_abs_diff / 3);
}

TEST_F(SensitivityTest, OfPartsAddsUpToAboutTheWhole) {
  const SensitivityReport report = report_of(with_outlier());
  double sum = 0;
  for (const LayerSensitivity& layer : report.layers) sum += layer.error;
  EXPECT_GT(sum, report.error / 3);
  EXPECT_LT(sum, report.error * 3);
  EXPECT_NEAR(report.layers.front().error_left, sum - report.layers.front().error, sum * 1e-9);
  EXPECT_EQ(report.layers.back().error_left, 0);
}

TEST_F(SensitivityTest, WithoutTimeIsEstimatedAndSaysSo) {
  options_.seconds = 0;
  const SensitivityReport report = report_of(with_outlier());
  EXPECT_FALSE(report.complete);
  EXPECT_THAT(report.layers, SizeIs(3));
  for (const LayerSensitivity& layer : report.layers) EXPECT_TRUE(layer.estimated);
}

TEST_F(SensitivityTest, OfALayerThatNothingDependsOnIsNoEffect) {
  const auto model = ModelBuilder()
                         .opset(17)
                         .input("x", ElementType::float32, {"n", width})
                         .initializer("w1", weight({width, width}))
                         .initializer("w2", weight({width, width}))
                         .initializer("none", test::tensor<float>({1}, {0.0F}))
                         .node("MatMul", {"x", "w1"}, {"a"}, {}, "used")
                         .node("MatMul", {"x", "w2"}, {"b"}, {}, "unused")
                         .node("Mul", {"b", "none"}, {"c"})
                         .node("Add", {"a", "c"}, {"y"})
                         .output("y", ElementType::float32, {"n", width})
                         .bytes();
  const SensitivityReport report = report_of(model);
  ASSERT_THAT(report.layers, SizeIs(2));
  EXPECT_THAT(report.layers.back().nodes, ElementsAre("unused"));
  EXPECT_EQ(report.layers.back().cause, "no effect");
  EXPECT_THAT(report.keep_float, IsEmpty());
}

}  // namespace
}  // namespace octet::tuning
