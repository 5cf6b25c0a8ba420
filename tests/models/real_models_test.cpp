// Models that people ship, through the whole way: quantized with the defaults, loaded, run, close.
#include <gtest/gtest.h>

#include "octet/quantize.hpp"
#include "support/in_memory.hpp"
#include "support/temporary_folder.hpp"

namespace octet {
namespace {

using base::NamedTensor;
using runtime::Optimization;
using test::host;
using test::tensor;

class RealModel : public test::OrtTest {
 protected:
  void load(const std::string& file) {
    if (IsSkipped()) return;
    const auto path = test::models_folder() / file;
    if (test::models_folder().empty() || !std::filesystem::exists(path)) {
      GTEST_SKIP() << file << " is not there: set OCTET_MODELS";
    }
    model_ = test::read_bytes(path);
    auto result = quantize_bytes(test::source(model_), test::without_proof());
    report_ = std::move(result.report);
    result_ = std::move(result.bytes);
  }

  [[nodiscard]] static std::vector<NamedTensor> run(const test::ModelBytes& model,
                                                    const test::Feed& feed, Optimization level) {
    runtime::SessionOptions options;
    options.optimization = level;
    return runtime::Session::from_bytes(test::ort(), model, options).run(feed);
  }

  // Every output of the result within its bound of the original's, at both levels.
  void expect_close(const test::Feed& feed, const std::vector<double>& bounds) const {
    const auto expected = run(model_, feed, Optimization::all);
    for (const Optimization level : {Optimization::all, Optimization::off}) {
      const auto outputs = run(result_, feed, level);
      ASSERT_EQ(outputs.size(), expected.size());
      ASSERT_EQ(outputs.size(), bounds.size());
      for (std::size_t i = 0; i < outputs.size(); ++i) {
        EXPECT_EQ(outputs[i].name, expected[i].name);
        EXPECT_LT(test::largest_difference(outputs[i].tensor, expected[i].tensor), bounds[i])
            << outputs[i].name;
      }
    }
  }

  void expect_smaller() const {
    EXPECT_TRUE(report_.written);
    EXPECT_LT(result_.size(), model_.size());
    EXPECT_EQ(report_.bytes_after, result_.size());
  }

  test::ModelBytes model_;
  test::ModelBytes result_;
  QuantizeReport report_;
};

TEST_F(RealModel, MagikaKeepsItsProbabilities) {
  load("magika_v3_3.onnx");
  if (IsSkipped()) return;
  expect_smaller();
  // A text of letters and spaces, then one of every byte.
  std::vector<std::int32_t> bytes(2 * 2048);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto k = static_cast<std::int32_t>(i);
    bytes[i] = i < 2048 ? (k % 6 == 5 ? 32 : 97 + k * 7 % 26) : k * 37 % 257;
  }
  expect_close({{"bytes", host(tensor<std::int32_t>({2, 2048}, bytes))}}, {0.1});
}

TEST_F(RealModel, SileroKeepsItsProbabilityAndState) {
  load("silero_vad.onnx");
  if (IsSkipped()) return;
  expect_smaller();
  // A vowel: the harmonics of 120 Hz.
  std::vector<float> sound(576);
  for (std::size_t i = 0; i < sound.size(); ++i) {
    const auto t = static_cast<float>(i) / 16000;
    for (int k = 1; k < 30; ++k) {
      const auto harmonic = static_cast<float>(k);
      sound[i] += 0.1F * std::sin(6.2832F * 120 * harmonic * t) / harmonic;
    }
  }
  expect_close({{"input", host(tensor<float>({1, 576}, sound))},
                {"state", host(tensor<float>({2, 1, 128}, std::vector<float>(256)))},
                {"sr", host(tensor<std::int64_t>({}, {16000}))}},
               {0.1, 0.5});  // the probability; the state, whose values reach 15 as a call goes on
}

TEST_F(RealModel, UltrafaceKeepsItsScoresAndBoxes) {
  load("ultraface_320.onnx");
  if (IsSkipped()) return;
  expect_smaller();
  std::vector<float> image(3 * 240 * 320);
  for (std::size_t i = 0; i < image.size(); ++i) {
    image[i] =
        std::sin(static_cast<float>(i % 320) / 20) * std::cos(static_cast<float>(i / 320) / 15);
  }
  expect_close({{"input", host(tensor<float>({1, 3, 240, 320}, image))}}, {0.05, 0.05});
}

TEST_F(RealModel, MnistKeepsItsScores) {
  load("mnist.onnx");
  if (IsSkipped()) return;
  std::vector<float> image(28 * 28);
  for (std::size_t i = 0; i < image.size(); ++i) {  // a one
    image[i] = i % 28 >= 12 && i % 28 <= 15 && i / 28 >= 4 && i / 28 <= 23 ? 255.F : 0.F;
  }
  const test::Feed feed = {{"Input3", host(tensor<float>({1, 1, 28, 28}, image))}};
  if (report_.unchanged) GTEST_SKIP() << "nothing to quantize: " << report_.detail;
  expect_smaller();
  const double largest = test::largest_magnitude(run(model_, feed, Optimization::all)[0].tensor);
  expect_close(feed, {0.02 * largest});
}

TEST_F(RealModel, LightModelsHaveNothingToQuantize) {
  for (const char* file : {"light_resnet50.onnx", "light_squeezenet.onnx"}) {
    load(file);
    if (IsSkipped()) return;
    EXPECT_TRUE(report_.unchanged) << file;
    EXPECT_TRUE(result_.empty());
    EXPECT_NE(report_.detail.find("ConstantOfShape"), std::string::npos) << report_.detail;
  }
}

}  // namespace
}  // namespace octet
