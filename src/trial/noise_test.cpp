// Models that draw random numbers: recognised, compared where they draw alike, and never judged by
// what chance gave them.
#include "trial/noise.hpp"

#include <gtest/gtest.h>

#include "octet/parity.hpp"
#include "support/claims.hpp"
#include "support/model_builder.hpp"
#include "support/places.hpp"

namespace octet::trial {
namespace {

using base::ElementType;
using test::attr;
using test::ModelBuilder;
using test::says;

// y = x + weight + scale · noise, and z = x.
std::vector<std::byte> drawing(std::vector<test::Attribute> how, float weight = 0) {
  return ModelBuilder()
      .opset(15)
      .input("x", ElementType::float32, {"n", 4})
      .initializer("w", test::tensor<float>({1}, {weight}))
      .node("RandomNormalLike", {"x"}, {"noise"}, std::move(how))
      .node("Add", {"x", "w"}, {"shifted"})
      .node("Add", {"shifted", "noise"}, {"y"})
      .node("Neg", {"x"}, {"z"})
      .output("y", ElementType::float32, {"n", 4})
      .output("z", ElementType::float32, {"n", 4})
      .bytes();
}

class Noise : public ::testing::Test {
 protected:
  void SetUp() override {
    options_.runtime.library = test::ort_library();
    if (options_.runtime.library.empty()) GTEST_SKIP() << "no ONNX Runtime library: set OCTET_ORT";
  }
  [[nodiscard]] ParityReport compared(const std::vector<std::byte>& reference,
                                      const std::vector<std::byte>& candidate) const {
    return parity(std::span(reference), std::span(candidate), options_);
  }
  ParityOptions options_;
};

TEST_F(Noise, OfAModelAgainstItselfIsIncompleteRatherThanFailed) {
  const auto model = drawing({attr("scale", 1.0F)});
  const auto report = compared(model, model);
  EXPECT_EQ(report.verdict, "incomplete");
  EXPECT_TRUE(
      says(report.reason, "output \"y\": not compared: the reference draws random numbers"));
  EXPECT_GT(report.outputs.at(0).own_noise.value_or(0), 0.1);
  EXPECT_TRUE(report.outputs.at(1).passed);  // what is not touched by it is judged
  EXPECT_FALSE(report.outputs.at(1).own_noise);
}

TEST_F(Noise, ThatIsSmallerThanTheTolerancesIsAWarning) {
  const auto model = drawing({attr("scale", 1e-4F)});
  const auto report = compared(model, model);
  EXPECT_EQ(report.verdict, "passed") << report.reason;
  EXPECT_TRUE(says(report.warnings.at(0), "draws random numbers"));
  EXPECT_EQ(compared(model, drawing({attr("scale", 1e-4F)}, 5)).verdict, "failed");
}

TEST_F(Noise, FromSeedsInTheModelIsDrawnAlikeAndJudged) {
  const auto model = drawing({attr("scale", 1.0F), attr("seed", 7.0F)});
  const auto same = compared(model, model);
  EXPECT_EQ(same.verdict, "passed") << same.reason;
  EXPECT_EQ(same.max_abs_diff, 0);
  EXPECT_TRUE(says(same.warnings.at(0), "seeds of its own"));
  const auto other = compared(model, drawing({attr("scale", 1.0F), attr("seed", 7.0F)}, 5));
  EXPECT_EQ(other.verdict, "failed");
  EXPECT_NEAR(other.max_abs_diff, 5, 1e-5);
}

}  // namespace
}  // namespace octet::trial
