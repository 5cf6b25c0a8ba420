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
  // The data file of a model: what it calls it.
  [[nodiscard]] std::string data_of(const std::string& model) const {
    const auto graph = graph::Graph::import(folder_ / model);
    for (const graph::Constant& constant : graph.constants()) {
      if (constant.tensor.external) return std::string(constant.tensor.external->location);
    }
    return "";
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
  const std::string data = data_of("out.onnx");
  EXPECT_EQ(folder_.names(), (FileNames{"digits.onnx", "out.onnx", data}));
  const auto graph = graph::Graph::import(folder_ / "out.onnx");
  for (const graph::Constant& constant : graph.constants()) {
    if (!constant.tensor.external) continue;
    EXPECT_EQ(constant.tensor.external->location, data);
    EXPECT_EQ(constant.tensor.external->offset % 4096, 0U) << constant.tensor.name;
  }
  EXPECT_GT(fs::file_size(folder_ / data), fs::file_size(folder_ / "out.onnx"));
}

TEST_F(ExternalData, IsNamedByItsContent) {
  (void)quantize("out.onnx", {"--external-data", "--no-proof"});
  (void)quantize("there/out.onnx", {"--external-data", "--no-proof", "--threads", "1"});
  (void)quantize("other/out.onnx", {"--external-data", "--no-proof", "--per-tensor"});
  const std::string data = data_of("out.onnx");
  EXPECT_EQ(data.size(), std::string("out.onnx.0123456789abcdef.data").size());
  EXPECT_EQ(data.rfind("out.onnx.", 0), 0U);
  EXPECT_EQ(data_of("there/out.onnx"), data);
  EXPECT_EQ(file("there/out.onnx"), file("out.onnx"));
  EXPECT_NE(data_of("other/out.onnx"), data);
}

TEST_F(ExternalData, IsCountedAndNamedInTheReport) {
  const Json report =
      document(octet({"quantize", "digits.onnx", "-o", "out.onnx", "--external-data", "--json"}));
  EXPECT_EQ(report["data_file"], data_of("out.onnx"));
  EXPECT_EQ(report["bytes_after"],
            fs::file_size(folder_ / "out.onnx") + fs::file_size(folder_ / data_of("out.onnx")));
  EXPECT_EQ(document(octet({"quantize", "digits.onnx", "--json"}))["data_file"], "");
}

TEST_F(ExternalData, OfAnOlderOutputIsRemovedWhenItHasNoneAnyMore) {
  (void)quantize("out.onnx", {"--external-data", "--no-proof"});
  (void)quantize("out.onnx", {"--no-proof"});
  EXPECT_EQ(folder_.names(), (FileNames{"digits.onnx", "out.onnx"}));
}

TEST_F(ExternalData, OfAnOlderOutputIsReplaced) {
  (void)quantize("out.onnx", {"--external-data", "--no-proof", "--per-tensor"});
  (void)quantize("out.onnx", {"--external-data", "--no-proof"});
  EXPECT_EQ(folder_.names(), (FileNames{"digits.onnx", "out.onnx", data_of("out.onnx")}));
}

TEST_F(ExternalData, OfTheSameResultIsUsedAgain) {
  (void)quantize("out.onnx", {"--external-data", "--no-proof"});
  const auto before = fs::last_write_time(folder_ / data_of("out.onnx"));
  (void)quantize("out.onnx", {"--external-data", "--no-proof"});
  EXPECT_EQ(fs::last_write_time(folder_ / data_of("out.onnx")), before);
  EXPECT_EQ(folder_.names(), (FileNames{"digits.onnx", "out.onnx", data_of("out.onnx")}));
}

TEST_F(ExternalData, ThatACopyStillUsesStays) {
  (void)quantize("out.onnx", {"--external-data", "--no-proof", "--per-tensor"});
  const std::string old = data_of("out.onnx");
  for (const char* copy : {"copy.onnx", "out.onnx.bak"}) {
    fs::copy_file(folder_ / "out.onnx", folder_ / copy);
    (void)quantize("out.onnx", {"--external-data", "--no-proof"});
    EXPECT_TRUE(fs::exists(folder_ / old)) << copy;
    fs::remove(folder_ / copy);
    fs::remove(folder_ / data_of("out.onnx"));
    (void)quantize("out.onnx", {"--external-data", "--no-proof", "--per-tensor"});
  }
}

TEST_F(ExternalData, OfSomebodyElseIsLeftAlone) {
  write_file(folder_ / "out.onnx.data", std::string("mine"));
  (void)quantize("out.onnx", {"--external-data", "--no-proof"});
  (void)quantize("out.onnx", {"--no-proof"});
  EXPECT_EQ(file("out.onnx.data"), "mine");
}

// Its name is taken by something else: a file with other bytes, a folder, a link.
TEST_F(ExternalData, TakesTheNextNameWhenItsOwnIsTaken) {
  (void)quantize("out.onnx", {"--external-data", "--no-proof"});
  const std::string first = data_of("out.onnx");
  const std::string bytes = file(first);
  fs::remove(folder_ / first);
  fs::create_directories(folder_ / first / "x");
  (void)quantize("out.onnx", {"--external-data", "--no-proof"});
  EXPECT_NE(data_of("out.onnx"), first);
  EXPECT_EQ(file(data_of("out.onnx")), bytes);
  EXPECT_TRUE(fs::is_directory(folder_ / first / "x"));
}

TEST_F(ExternalData, DoesNotGoThroughALinkIntoAnotherFolder) {
  fs::create_directories(folder_ / "real");
  fs::create_symlink("real/out.onnx", folder_ / "out.onnx");
  EXPECT_TRUE(says(complaint(octet({"quantize", "digits.onnx", "-o", "out.onnx", "--no-proof",
                                    "--external-data"})),
                   "a symbolic link into another folder"));
  EXPECT_EQ(folder_.names(), (FileNames{"digits.onnx", "out.onnx", "real"}));
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
            (FileNames{"digits.onnx", "whole.onnx", data_of("whole.onnx"), "again.onnx"}));
}

}  // namespace
}  // namespace octet::test
