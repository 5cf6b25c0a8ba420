// octet export: from a trained model's file to ONNX, and what it refuses.
#include "cli/fixture.hpp"
#include "support/trained_models.hpp"

namespace octet::test {
namespace {

class ExportCommand : public ProgramRunTest {
 protected:
  void put(const std::string& name, const std::string& text) const {
    write_file(folder_ / name, text);
  }
};
class ExportWithoutARun : public ProgramTest {};

TEST_F(ExportCommand, SaysWhatItFoundAndWhatItWrote) {
  put("model.pkl", pickled_regression);
  const std::string said = must({"export", "model.pkl"}).out;
  EXPECT_TRUE(says(said, "model.pkl: "));
  EXPECT_TRUE(says(said, "pickle, scikit-learn 1.4.2"));
  EXPECT_TRUE(says(said, "  LinearRegression\n"));
  EXPECT_TRUE(says(said, "X        float32   [N, 2]"));
  EXPECT_TRUE(says(said, "Proven on ONNX Runtime"));
  EXPECT_TRUE(says(last_line(said), "Wrote artifacts/model.onnx ("));
}

TEST_F(ExportCommand, GivesTheAnswersOfThePredictor) {
  put("model.txt", lightgbm_stump);
  put("rows.csv", "first,second\n0,1\n0.2,1\nnan,0\n");
  (void)must({"export", "model.txt", "-o", "m.onnx", "--data", "rows.csv"});
  const std::string by_onnx = must({"predict", "m.onnx", "--data", "rows.csv"}).out;
  EXPECT_EQ(by_onnx, must({"predict", "model.txt", "--data", "rows.csv"}).out);
  EXPECT_TRUE(says(by_onnx, "-1.5\n2.5\n2.5\n"));
}

TEST_F(ExportCommand, ComparesWithRecordedPredictions) {
  put("model.txt", lightgbm_stump);
  put("rows.csv", "0,1\n0.2,1\n");
  put("right.csv", "-1.5\n2.5\n");
  put("wrong.csv", "-1.5\n2.6\n");
  EXPECT_TRUE(says(
      must({"export", "model.txt", "-o", "m.onnx", "--data", "rows.csv", "--expect", "right.csv"})
          .out,
      "from what was recorded"));
  const Answer no = octet(
      {"export", "model.txt", "-o", "other.onnx", "--data", "rows.csv", "--expect", "wrong.csv"});
  EXPECT_EQ(no.code, 1) << no.err;
  EXPECT_TRUE(says(no.out, "Nothing was written"));
  EXPECT_FALSE(fs::exists(folder_ / "other.onnx"));
}

TEST_F(ExportCommand, IsTheReferenceOfParity) {
  put("model.txt", lightgbm_stump);
  put("rows.csv", "0,1\n0.2,1\n0.05,2\n");
  (void)must({"export", "model.txt", "-o", "m.onnx"});
  EXPECT_TRUE(says(must({"parity", "model.txt", "m.onnx", "--data", "rows.csv"}).out, "PASSED"));
}

TEST_F(ExportCommand, LetsParityShowTheWorstRowByItsColumns) {
  put("model.txt", lightgbm_stump);
  std::string changed = lightgbm_stump;
  changed.replace(changed.find("leaf_value=-1.5 2.5"), 19, "leaf_value=-1.5 2.6");
  put("changed.txt", changed);
  std::string rows = "first,second\n1000,7\n";
  for (int i = 0; i < 60; ++i) rows += "0,1\n";
  put("rows.csv", rows);
  (void)must({"export", "model.txt", "-o", "m.onnx"});
  (void)must({"export", "changed.txt", "-o", "c.onnx"});
  for (const char* reference : {"m.onnx", "model.txt"}) {
    const std::string said = octet({"parity", reference, "c.onnx", "--data", "rows.csv"}).out;
    EXPECT_TRUE(says(said, "first 1000, second 7"));
    EXPECT_TRUE(says(said, "first may explain it: an outlier: 8 standard deviations"));
  }
  const Json report = Json::parse(read_file(folder_ / "artifacts" / "parity_report.json"));
  EXPECT_EQ(report["worst_columns"][0]["name"], "first");
}

TEST_F(ExportCommand, WritesTheCompactOperatorWhereItIsWishedFor) {
  put("model.txt", lightgbm_stump);
  put("rows.csv", "first,second\n0,1\n0.2,1\nnan,0\n");
  EXPECT_TRUE(says(must({"export", "model.txt", "-o", "m.onnx", "--trees", "v5"}).out, "Proven"));
  EXPECT_TRUE(says(must({"predict", "m.onnx", "--data", "rows.csv"}).out, "-1.5\n2.5\n2.5\n"));
  EXPECT_TRUE(says(complaint(octet({"export", "model.txt", "--trees", "v9"})), "v5"));
}

TEST_F(ExportWithoutARun, NeverRunsWhatAPickleSays) {
  write_file(folder_ / "model.pkl", pickled_attack);
  const Answer answer = must({"export", "model.pkl", "-o", "m.onnx", "--no-proof"});
  EXPECT_TRUE(says(answer.err, "the pickle names posix.system"));
  EXPECT_FALSE(fs::exists(folder_ / "PWNED"));
}

TEST_F(ExportWithoutARun, RefusesClassesItDoesNotKnowByName) {
  write_file(
      folder_ / "model.pkl",
      std::string("ccopy_reg\n_reconstructor\n(c__main__\nMine\nc__builtin__\nobject\nNtR."));
  const std::string said = complaint(octet({"export", "model.pkl"}));
  EXPECT_TRUE(says(said, "Mine"));
  EXPECT_FALSE(fs::exists(folder_ / "artifacts"));
}

TEST_F(ExportWithoutARun, NeverWritesOverItsModel) {
  write_file(folder_ / "model.txt", lightgbm_stump);
  EXPECT_TRUE(
      says(complaint(octet({"export", "model.txt", "-o", "model.txt"})), "would overwrite"));
}

TEST_F(ExportWithoutARun, SaysWhatIsNoTrainedModel) {
  write_file(folder_ / "model.bin", std::string("what is this?"));
  EXPECT_TRUE(says(complaint(octet({"export", "model.bin"})), "is no trained model"));
}

}  // namespace
}  // namespace octet::test
