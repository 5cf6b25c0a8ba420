// octet parity: yes and no, with the report on disk either way.
#include "cli/fixture.hpp"

namespace octet::test {
namespace {

class ParityCommand : public ProgramRunTest {
 protected:
  void SetUp() override {
    ProgramRunTest::SetUp();
    if (IsSkipped()) return;
    put_digits("artifacts/model.onnx");
    (void)must({"quantize"});
    quantized_ = folder_ / "artifacts/model.int8.onnx";
  }
  [[nodiscard]] Answer parity(const Words& more) const {
    Words words = {"parity", "--data", digits("test_rows.npy")};
    words.insert(words.end(), more.begin(), more.end());
    return octet(words);
  }
  [[nodiscard]] Json report(const std::string& name = "artifacts/parity_report.json") const {
    return Json::parse(file(name));
  }
  // The number as a user would copy it out of the report.
  [[nodiscard]] static std::string text_of(const Json& number) { return number.dump(); }

  fs::path quantized_;
};

TEST_F(ParityCommand, OfTheDefaultFilesIsAYesAndWritesTheReport) {
  const Answer answer = parity({});
  EXPECT_EQ(answer.code, 0) << answer.err;
  EXPECT_EQ(last_line(answer.out), "Wrote artifacts/parity_report.json");
  EXPECT_TRUE(says(answer.out, "PASSED on 360 rows"));
  EXPECT_TRUE(says(answer.out, "Worst: row "));
  EXPECT_EQ(report()["passed"], true);
  EXPECT_EQ(report()["rows"], 360);
  EXPECT_EQ(report()["next_step"], "");
}

TEST_F(ParityCommand, WithToleranceZeroIsANoThatTellsWhichToleranceHolds) {
  const Answer answer = parity({"--abs-tol", "0", "--mean-tol", "0"});
  EXPECT_EQ(answer.code, 1);
  EXPECT_TRUE(says(answer.out, "FAILED on 360 rows"));
  EXPECT_TRUE(says(answer.out, "Why: output \"probabilities\": "));
  EXPECT_TRUE(says(answer.out, "it passes with --abs-tol "));
  const Json no = report();
  EXPECT_EQ(no["passed"], false);
  EXPECT_GT(no["required_abs_tol"], 0);
  EXPECT_EQ(no["required_abs_tol"], no["max_abs_diff"]);
  EXPECT_EQ(no["required_mean_tol"], no["mean_abs_diff"]);

  const Answer yes = parity({"--abs-tol", text_of(no["required_abs_tol"]), "--mean-tol",
                             text_of(no["required_mean_tol"])});
  EXPECT_EQ(yes.code, 0) << yes.out;
  EXPECT_EQ(report()["passed"], true);
}

TEST_F(ParityCommand, EachToleranceIsEnoughForANo) {
  EXPECT_EQ(parity({"--abs-tol", "0"}).code, 1);
  EXPECT_EQ(parity({"--mean-tol", "0"}).code, 1);
}

TEST_F(ParityCommand, WhatTheNextStepSaysPassesWhenTypedIn) {
  (void)parity({"--abs-tol", "0", "--mean-tol", "0"});
  const std::string step = report()["next_step"];
  std::istringstream words(step.substr(step.find("--abs-tol")));
  Words typed(4);
  for (std::string& word : typed) words >> word;
  typed[3] = typed[3].substr(0, typed[3].find(';'));
  EXPECT_EQ(parity(typed).code, 0) << step;
}

TEST_F(ParityCommand, OnMadeUpInputsSaysSo) {
  const Answer answer = octet({"parity"});
  EXPECT_EQ(answer.code, 0) << answer.out;
  EXPECT_TRUE(says(answer.out, "of made-up inputs"));
  EXPECT_EQ(report()["made_up"], true);
  (void)parity({});
  EXPECT_EQ(report()["made_up"], false);
}

TEST_F(ParityCommand, TakesEveryKindOfTolerance) {
  EXPECT_EQ(parity({"--rtol", "0.5"}).code, 0);
  EXPECT_EQ(parity({"--rel-tol", "1e-9"}).code, 1);
  EXPECT_EQ(parity({"--min-cosine", "0.9"}).code, 0);
  EXPECT_EQ(parity({"--min-cosine", "1"}).code, 1);
  EXPECT_EQ(parity({"--min-sqnr", "20"}).code, 0);
  EXPECT_EQ(parity({"--min-sqnr", "200"}).code, 1);
  EXPECT_TRUE(says(report()["outputs"][1]["failure"].get<std::string>(), "dB above the error"));
}

TEST_F(ParityCommand, OfAModelWithItselfIsExact) {
  const Answer answer = octet({"parity", "artifacts/model.onnx", "artifacts/model.onnx",
                               "--abs-tol", "0", "--mean-tol", "0"});
  EXPECT_EQ(answer.code, 0) << answer.err;
  EXPECT_EQ(report()["max_abs_diff"], 0);
  EXPECT_TRUE(says(report()["data"].get<std::string>(), "seeded inputs (seed 0"));
}

TEST_F(ParityCommand, AgainstRecordedProbabilitiesComparesThatOutput) {
  const Answer answer = octet({"parity", digits("sklearn_probabilities.npy"),
                               "artifacts/model.int8.onnx", "--data", digits("test_rows.npy")});
  EXPECT_EQ(answer.code, 0) << answer.err;
  const Json json = report();
  ASSERT_EQ(json["outputs"].size(), 1U);
  EXPECT_EQ(json["outputs"][0]["name"], "probabilities");
  EXPECT_GT(json["max_abs_diff"], 0);
  EXPECT_TRUE(says(answer.err, "warning: output \"label\" was not recorded and not compared"));
}

TEST_F(ParityCommand, AgainstRecordedLabelsCountsThoseThatAgree) {
  const Words words = {"parity", digits("sklearn_labels.npy"), "artifacts/model.onnx", "--data",
                       digits("test_rows.npy")};
  EXPECT_EQ(octet(words).code, 0);
  const Json json = report();
  ASSERT_EQ(json["outputs"].size(), 1U);
  EXPECT_EQ(json["outputs"][0]["name"], "label");
  EXPECT_EQ(json["label_agreement"], 1);
}

TEST_F(ParityCommand, AgainstRecordedOutputsNeedsTheirInputs) {
  const std::string said = complaint(
      octet({"parity", digits("sklearn_probabilities.npy"), "artifacts/model.int8.onnx"}));
  EXPECT_TRUE(says(said, "recorded outputs need the inputs they were recorded for"));
  EXPECT_TRUE(says(said, "--data"));
}

TEST_F(ParityCommand, AgainstOutputsOfOtherRowsIsRefused) {
  (void)complaint(octet({"parity", digits("sklearn_labels.npy"), "artifacts/model.onnx", "--data",
                         digits("sklearn_probabilities.npy")}));
}

TEST_F(ParityCommand, NeverWritesTheReportOverWhatItReads) {
  const std::string before = file("artifacts/model.onnx");
  EXPECT_TRUE(says(complaint(octet({"parity", "--report", "artifacts/model.onnx"})),
                   "would overwrite artifacts/model.onnx"));
  EXPECT_EQ(file("artifacts/model.onnx"), before);
}

TEST_F(ParityCommand, WritesTheReportWhereItIsTold) {
  EXPECT_EQ(parity({"--report", "deep/down/report.json"}).code, 0);
  EXPECT_EQ(report("deep/down/report.json")["passed"], true);
  EXPECT_FALSE(fs::exists(folder_ / "artifacts/parity_report.json"));
}

TEST_F(ParityCommand, JsonIsTheReportOnDisk) {
  for (const Words& words : {Words{"--json"}, Words{"--json", "--abs-tol", "0"}}) {
    const Answer answer = parity(words);
    EXPECT_EQ(answer.code, words.size() == 1 ? 0 : 1);
    EXPECT_EQ(answer.out, file("artifacts/parity_report.json"));
    EXPECT_EQ(answer.err, "");
  }
}

TEST_F(ParityCommand, RefusesTolerancesThatMakeNoSense) {
  EXPECT_TRUE(says(complaint(parity({"--abs-tol", "-1"})), "--abs-tol is -1"));
  (void)complaint(parity({"--mean-tol", "nan"}));
  (void)complaint(parity({"--abs-tol", "much"}));
  EXPECT_FALSE(fs::exists(folder_ / "artifacts/parity_report.json"));
}

TEST_F(ParityCommand, SaysWhichModelIsMissingOrBroken) {
  EXPECT_TRUE(says(complaint(octet({"parity", "gone.onnx", "artifacts/model.onnx"})),
                   "gone.onnx: there is no such file; "));
  write_file(folder_ / "bad.onnx", file("artifacts/model.onnx").substr(0, 1000));
  for (const Words& words :
       {Words{"parity", "artifacts/model.onnx", "bad.onnx"}, Words{"predict", "bad.onnx"},
        Words{"bench", "bad.onnx", "artifacts/model.onnx"}}) {
    EXPECT_TRUE(says(complaint(octet(words)), "bad.onnx: byte 33: ModelProto field 7: "));
  }
  EXPECT_FALSE(fs::exists(folder_ / "artifacts/parity_report.json"));
}

}  // namespace
}  // namespace octet::test
