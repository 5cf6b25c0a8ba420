// Models that people ship, with inputs that suit them: whatever is fed takes both as they are.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "octet/bench.hpp"
#include "octet/parity.hpp"
#include "octet/predict.hpp"
#include "octet/quantize.hpp"
#include "support/in_memory.hpp"

namespace octet {
namespace {

namespace fs = std::filesystem;
using ::testing::IsEmpty;
using ::testing::Not;

class RealInputs : public test::OrtTest {
 protected:
  void SetUp() override {
    OrtTest::SetUp();
    if (IsSkipped()) return;
    const fs::path folder = test::models_folder();
    if (!folder.empty() && fs::exists(folder / "inputs")) {
      for (const auto& entry : fs::directory_iterator(folder / "inputs")) {
        const fs::path model = folder / (entry.path().stem().string() + ".onnx");
        if (entry.path().extension() == ".npz" && fs::exists(model)) models_.push_back(model);
      }
    }
    if (models_.empty()) GTEST_SKIP() << "no models with inputs: set OCTET_MODELS";
  }

  // Calls `feed(model, options)` for each model, with its inputs as data.
  template <typename Options, typename Feed>
  void feed_all(const Feed& feed) const {
    for (const fs::path& model : models_) {
      SCOPED_TRACE(model.filename().string());
      Options options;
      options.runtime.library = test::ort_library();
      options.data.files = {model.parent_path() / "inputs" / (model.stem().string() + ".npz")};
      try {
        feed(model, options);
      } catch (const Error& error) {
        ADD_FAILURE() << error.what();
      }
    }
  }

  std::vector<fs::path> models_;
};

TEST_F(RealInputs, SuitParity) {
  feed_all<ParityOptions>([](const fs::path& model, const ParityOptions& options) {
    const ParityReport report = parity(model, model, options);
    EXPECT_TRUE(report.passed) << report.next_step;
    EXPECT_FALSE(report.made_up);
    EXPECT_EQ(report.max_abs_diff, 0);
  });
}

TEST_F(RealInputs, SuitPredict) {
  feed_all<PredictOptions>([](const fs::path& model, const PredictOptions& options) {
    for (const Prediction& output : predict(model, options)) {
      EXPECT_THAT(output.bytes, Not(IsEmpty())) << output.name;
    }
  });
}

TEST_F(RealInputs, SuitBench) {
  feed_all<BenchOptions>([](const fs::path& model, BenchOptions options) {
    options.seconds = 0;
    options.min_runs = 1;
    options.warmup_seconds = 0;
    const BenchReport report = bench(model, model, options);
    EXPECT_EQ(report.batches.size(), 1U);
    EXPECT_EQ(report.max_abs_diff, 0);
  });
}

TEST_F(RealInputs, SuitTheProof) {
  feed_all<QuantizeOptions>([](const fs::path& model, QuantizeOptions options) {
    options.speed_seconds = 0;
    const QuantizeReport report = quantize_bytes(model, options).report;
    if (report.unchanged) return;
    EXPECT_EQ(report.proof.status, Proof::Status::passed) << report.proof.detail;
    EXPECT_TRUE(report.proof.max_abs_diff);
  });
}

}  // namespace
}  // namespace octet
