// octet quantize --external-data: the model, and its weights in a file beside it.
#include "cli/fixture.hpp"
#include "graph/graph.hpp"

namespace octet::test {
namespace {

class ExternalData : public ProgramTest {
 protected:
  void SetUp() override { put_digits(); }
  [[nodiscard]] Answer quantize(const std::string& output, const Words& more = {}) const {
    Words words = {"quantize", "digits.onnx", "-o", output};
    words.insert(words.end(), more.begin(), more.end());
    return must(words);
  }
};
class ExternalDataRun : public ExternalData {
 protected:
  void SetUp() override {
    if (ort_library().empty()) GTEST_SKIP() << "no ONNX Runtime library: set OCTET_ORT";
    ExternalData::SetUp();
  }
};

TEST_F(ExternalData, LiesBesideTheModelWithWeightsOnPages) {
  (void)quantize("out.onnx", {"--external-data", "--no-proof"});
  EXPECT_EQ(folder_.names(), (FileNames{"digits.onnx", "out.onnx", "out.onnx.data"}));
  const auto graph = graph::Graph::import(folder_ / "out.onnx");
  std::size_t external = 0;
  for (const graph::Constant& constant : graph.constants()) {
    if (!constant.tensor.external) continue;
    ++external;
    EXPECT_EQ(constant.tensor.external->location, "out.onnx.data");
    EXPECT_EQ(constant.tensor.external->offset % 4096, 0U) << constant.tensor.name;
  }
  EXPECT_GT(external, 0U);
  EXPECT_GT(fs::file_size(folder_ / "out.onnx.data"), fs::file_size(folder_ / "out.onnx"));
}

TEST_F(ExternalData, IsCountedInTheReport) {
  const Json report =
      document(octet({"quantize", "digits.onnx", "-o", "out.onnx", "--external-data", "--json"}));
  EXPECT_EQ(report["bytes_after"],
            fs::file_size(folder_ / "out.onnx") + fs::file_size(folder_ / "out.onnx.data"));
}

TEST_F(ExternalData, OfAnOlderOutputIsRemovedWhenItHasNoneAnyMore) {
  (void)quantize("out.onnx", {"--external-data", "--no-proof"});
  ASSERT_TRUE(fs::exists(folder_ / "out.onnx.data"));
  (void)quantize("out.onnx", {"--no-proof"});
  EXPECT_EQ(folder_.names(), (FileNames{"digits.onnx", "out.onnx"}));
}

TEST_F(ExternalData, OfAnOlderOutputIsReplaced) {
  (void)quantize("out.onnx", {"--external-data", "--no-proof", "--per-tensor"});
  (void)quantize("fresh/out.onnx", {"--external-data", "--no-proof"});
  (void)quantize("out.onnx", {"--external-data", "--no-proof"});
  EXPECT_EQ(file("out.onnx.data"), file("fresh/out.onnx.data"));
  EXPECT_EQ(file("out.onnx"), file("fresh/out.onnx"));
}

TEST_F(ExternalData, OfSomebodyElseIsLeftAlone) {
  write_file(folder_ / "out.onnx.data", std::string("mine"));
  (void)quantize("out.onnx", {"--no-proof"});
  EXPECT_EQ(file("out.onnx.data"), "mine");
}

TEST_F(ExternalDataRun, IsLoadedAndGivesTheSameAnswers) {
  EXPECT_TRUE(says(quantize("out.onnx", {"--external-data"}).out, "Proof   passed"));
  (void)quantize("inside.onnx");
  const auto predict = [&](const std::string& model) {
    return must({"predict", model, "--data", digits("test_rows.npy")}).out;
  };
  EXPECT_EQ(predict("out.onnx"), predict("inside.onnx"));
}

TEST_F(ExternalDataRun, IsReadAgainAsAnInput) {
  (void)quantize("whole.onnx", {"--external-data", "--exclude", "MatMul1"});
  (void)must({"quantize", "whole.onnx", "-o", "again.onnx"});
  EXPECT_EQ(folder_.names(),
            (FileNames{"digits.onnx", "whole.onnx", "whole.onnx.data", "again.onnx"}));
}

}  // namespace
}  // namespace octet::test
