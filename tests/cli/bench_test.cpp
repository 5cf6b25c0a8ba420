// octet bench: what is reported, and when the answer is no. No claim is made about a time.
#include "cli/fixture.hpp"
#include "support/sample_models.hpp"

namespace octet::test {
namespace {

using base::ElementType;

class BenchCommand : public ProgramRunTest {
 protected:
  void SetUp() override {
    ProgramRunTest::SetUp();
    if (!IsSkipped()) put_digits("artifacts/model.onnx");
  }
  [[nodiscard]] Answer bench(const std::string& a, const std::string& b,
                             const Words& more = {}) const {
    Words words = {"bench", a, b, "--seconds", "0.02", "--min-runs", "8", "--warmup", "0"};
    words.insert(words.end(), more.begin(), more.end());
    return octet(words);
  }
};

// x [1, 64] through this many products of 512 x 512.
ModelBuilder tower(int products) {
  ModelBuilder model;
  model.input("x", ElementType::float32, {1, 64});
  model.initializer("in", weight({64, 512}, 1)).node("MatMul", {"x", "in"}, {"h0"});
  for (int i = 0; i < products; ++i) {
    const std::string from = "h" + std::to_string(i);
    model.initializer("w" + from, weight({512, 512}, 2, 0.01F));
    model.node("MatMul", {from, "w" + from}, {"h" + std::to_string(i + 1)});
  }
  model.initializer("out", weight({512, 64}, 3));
  model.node("MatMul", {"h" + std::to_string(products), "out"}, {"y"});
  model.output("y", ElementType::float32, {1, 64});
  return model;
}

TEST_F(BenchCommand, JsonHasSamplesAndARatioInsideItsInterval) {
  (void)must({"quantize"});
  const Answer answer =
      bench("artifacts/model.onnx", "artifacts/model.int8.onnx", {"--batch", "1,16", "--json"});
  EXPECT_EQ(answer.code, 0) << answer.err;
  const Json json = Json::parse(answer.out);
  EXPECT_EQ(json["baseline"]["file_bytes"], fs::file_size(folder_ / "artifacts/model.onnx"));
  EXPECT_GT(json["baseline"]["peak_memory_bytes"], 0);
  EXPECT_GT(json["candidate"]["load_ms"], 0);
  ASSERT_EQ(json["batches"].size(), 2U);
  EXPECT_EQ(json["batches"][1]["batch"], 16);
  for (const Json& batch : json["batches"]) {
    for (const char* who : {"baseline", "candidate"}) {
      const Json& summary = batch[who];
      EXPECT_GE(summary["samples_us"].size(), 8U);
      EXPECT_GE(summary["runs"], summary["samples_us"].size());
      EXPECT_LE(summary["min_us"], summary["p50_us"]);
      EXPECT_LE(summary["p50_us"], summary["p90_us"]);
      EXPECT_LE(summary["p90_us"], summary["p99_us"]);
    }
    EXPECT_LE(batch["ratio_low"], batch["ratio"]);
    EXPECT_LE(batch["ratio"], batch["ratio_high"]);
    const FileNames verdicts = {"faster", "slower", "no difference", "cannot tell"};
    EXPECT_TRUE(verdicts.contains(batch["verdict"]));
    EXPECT_TRUE(verdicts.contains(json["verdict"]));
  }
}

// `rows` of 64 zeros, as a .npy file.
std::string zero_rows(std::size_t rows) {
  std::string header =
      "{'descr': '<f4', 'fortran_order': False, 'shape': (" + std::to_string(rows) + ", 64), }";
  header.resize(117, ' ');
  return std::string("\x93NUMPY\x01\x00\x76\x00", 10) + header + "\n" +
         std::string(rows * 64 * 4, '\0');
}

TEST_F(BenchCommand, PeakMemoryDoesNotGrowWithTheData) {
  constexpr std::size_t large_bytes = std::size_t{64} << 20U;
  const auto peak_with = [&](std::size_t rows) {
    write_file(folder_ / "rows.npy", zero_rows(rows));
    const Answer answer =
        bench("artifacts/model.onnx", "artifacts/model.onnx", {"--data", "rows.npy", "--json"});
    EXPECT_EQ(answer.code, 0) << answer.err;
    return Json::parse(answer.out)["baseline"]["peak_memory_bytes"].get<std::size_t>();
  };
  const std::size_t small = peak_with(1);
  EXPECT_LT(peak_with(large_bytes / (64 * 4)), small + large_bytes / 4);
}

TEST_F(BenchCommand, ShowsSizesTimesAndAVerdictSideBySide) {
  (void)must({"quantize"});
  const Answer answer = bench("artifacts/model.onnx", "artifacts/model.int8.onnx",
                              {"--batch", "4", "--data", digits("test_rows.npy")});
  EXPECT_EQ(answer.code, 0) << answer.err;
  for (const char* part :
       {"model.int8.onnx", " ratio", "file size", "670.7 kB", "load time", "peak memory",
        "batch 4: p50", "batch 4: p90", "batch 4: p99", "batch 4: rows a second",
        "model.int8.onnx against model.onnx: ", "test_rows.npy"}) {
    EXPECT_TRUE(says(answer.out, part));
  }
}

TEST_F(BenchCommand, ShowsTheVerdictOfAParityReport) {
  const auto row = [&](const char* passed) {
    write_file(folder_ / "report.json",
               std::string(R"({"candidate": "artifacts/model.onnx", "passed": )") + passed + "}");
    return bench("artifacts/model.onnx", "artifacts/model.onnx", {"--parity", "report.json"}).out;
  };
  EXPECT_NE(row("true").find("passed"), std::string::npos);
  EXPECT_NE(row("false").find("FAILED"), std::string::npos);
  write_file(folder_ / "report.json",
             std::string(R"({"candidate": "other.onnx", "passed": true})"));
  EXPECT_TRUE(says(
      complaint(bench("artifacts/model.onnx", "artifacts/model.onnx", {"--parity", "report.json"})),
      "report.json: it is about other.onnx, not about artifacts/model.onnx"));
  write_file(folder_ / "report.json", std::string("{}"));
  EXPECT_TRUE(says(
      complaint(bench("artifacts/model.onnx", "artifacts/model.onnx", {"--parity", "report.json"})),
      "report.json: not a parity report; octet parity writes one"));
}

TEST_F(BenchCommand, RefusesModelsThatDoNotDoTheSame) {
  write_file(folder_ / "tower.onnx", tower(0).bytes());
  (void)complaint(bench("artifacts/model.onnx", "tower.onnx"));
}

TEST_F(BenchCommand, RefusesBatchesAndTimesThatMakeNoSense) {
  const std::string model = "artifacts/model.onnx";
  EXPECT_TRUE(says(complaint(bench(model, model, {"--batch", "0"})), "--batch"));
  EXPECT_TRUE(says(complaint(bench(model, model, {"--batch", "few"})), "--batch"));
  EXPECT_TRUE(says(complaint(octet({"bench", model, model, "--seconds", "-1"})), "--seconds"));
  EXPECT_TRUE(says(complaint(octet({"bench", "gone.onnx", model})),
                   "gone.onnx: there is no such file; export one"));
}

}  // namespace
}  // namespace octet::test
