// octet tune: the best model within limits, and what is left of a run that was killed.
#include <signal.h>

#include "cli/fixture.hpp"
#include "support/endless_model.hpp"

namespace octet::test {
namespace {

class TuneCommand : public ProgramRunTest {
 protected:
  void SetUp() override {
    ProgramRunTest::SetUp();
    if (!IsSkipped()) put_digits();
  }
  // Nothing depends on a clock: nothing is timed, and the search ends by itself.
  [[nodiscard]] static Words tune(const Words& more = {}) {
    Words out = {"tune",      "digits.onnx", "--data",        digits("test_rows.npy"),
                 "-o",        "best.onnx",   "--time-budget", "10m",
                 "--no-cache"};
    out.insert(out.end(), more.begin(), more.end());
    return out;
  }
};

TEST_F(TuneCommand, WritesTheBestModelItsPlanAndItsJournal) {
  const Json report = document(octet(tune({"--objective", "size", "--json"})));
  EXPECT_TRUE(report["written"]);
  EXPECT_TRUE(report["complete"]);
  EXPECT_EQ(folder_.names(),
            (FileNames{"digits.onnx", "best.onnx", "best.onnx.plan.json", "best.onnx.tune.jsonl"}));
  EXPECT_LT(fs::file_size(folder_ / "best.onnx"), fs::file_size(folder_ / "digits.onnx") / 3);
  (void)must({"parity", "digits.onnx", "best.onnx", "--data", digits("test_rows.npy")});
  int chosen = 0;
  for (const Json& point : report["pareto"]) {
    chosen += point["chosen"] ? 1 : 0;
    if (point["chosen"]) {
      EXPECT_EQ(point["bytes"], fs::file_size(folder_ / "best.onnx"));
    }
  }
  EXPECT_EQ(chosen, 1);
  (void)must({"quantize", "digits.onnx", "--plan", "best.onnx.plan.json", "-o", "again.onnx"});
  EXPECT_EQ(file("again.onnx"), file("best.onnx"));
}

TEST_F(TuneCommand, KilledAnywhereAndResumedGivesTheSameModel) {
  (void)must(tune({"--objective", "size"}));
  const std::string best = file("best.onnx");
  const std::string journal = file("best.onnx.tune.jsonl");
  const auto lines = static_cast<std::size_t>(lines_of(journal));
  ASSERT_GT(lines, 8U);
  for (std::size_t kept = 1; kept < lines; kept += 3) {
    std::size_t end = 0;
    for (std::size_t line = 0; line < kept; ++line) end = journal.find('\n', end) + 1;
    write_file(folder_ / "best.onnx.tune.jsonl", journal.substr(0, end + 5));
    fs::remove(folder_ / "best.onnx");
    fs::remove(folder_ / "best.onnx.plan.json");
    (void)must(tune({"--objective", "size", "--resume"}));
    EXPECT_EQ(file("best.onnx"), best) << "killed after line " << kept;
  }
}

TEST_F(TuneCommand, AnswersNoWhenNothingIsSmallEnoughAndLeavesTheNearestPlan) {
  const std::string said = complaint(octet(tune({"--max-size", "1kB"})), 1);
  EXPECT_TRUE(says(said, "no plan keeps to 1000 bytes"));
  EXPECT_TRUE(says(said, "its plan is in best.onnx.plan.json"));
  EXPECT_FALSE(fs::exists(folder_ / "best.onnx"));
  EXPECT_TRUE(fs::exists(folder_ / "best.onnx.plan.json"));
}

TEST_F(TuneCommand, RefusesAJournalOfOtherData) {
  (void)must(tune());
  EXPECT_TRUE(
      says(complaint(octet(tune({"--resume", "--seed", "7"}))), "is of another model, other data"));
}

TEST_F(TuneCommand, RefusesToWriteOverItsModel) {
  EXPECT_TRUE(says(complaint(octet({"tune", "digits.onnx", "-o", "digits.onnx"})), "digits.onnx"));
  EXPECT_TRUE(
      says(complaint(octet({"tune", "digits.onnx", "--journal", "digits.onnx"})), "digits.onnx"));
}

TEST_F(TuneCommand, RefusesWhatMakesNoSense) {
  EXPECT_TRUE(says(complaint(octet({"tune", "digits.onnx", "--objective", "error"})),
                   "--objective error needs --max-size"));
  EXPECT_TRUE(
      says(complaint(octet({"tune", "digits.onnx", "--time-budget", "5x"})), "--time-budget"));
}

TEST_F(TuneCommand, KeepsTimesOfNodesInTheUsersCacheFolder) {
  Launch how = launch();
  how.variables["OCTET_SPEED_SECONDS"] = "0.01";
  how.variables["XDG_CACHE_HOME"] = (folder_ / "cache").string();
  const Words words = {"tune",          "digits.onnx", "--data", digits("test_rows.npy"),
                       "--time-budget", "1m",          "--json"};
  const Answer first = run(how, words);
  ASSERT_TRUE(first.code == 0 || first.code == 1) << first.err;  // a busy machine may say no
  EXPECT_GT(Json::parse(first.out)["nodes_measured"], 0);
  const Json again = Json::parse(run(how, words).out);
  EXPECT_EQ(again["nodes_measured"], 0);
  EXPECT_GT(again["nodes_remembered"], 0);
}

TEST_F(TuneCommand, IsStartedAgainAfterACrashAndStopsWhenItIsAsked) {
  write_file(folder_ / "endless.onnx", endless_model().text());
  Launch how = launch();
  how.terminal = Terminal::err;
  Child child(how, {"tune", "endless.onnx", "-o", "best.onnx", "--no-cache"});
  child.wait_for_words();
  const pid_t first = child.worker();
  ::kill(first, SIGSEGV);
  pid_t second = first;
  for (int i = 0; (second == first || second == 0) && i < most_waits; ++i, ::usleep(1000))
    second = child.worker();
  EXPECT_NE(second, first);
  child.send(SIGINT);
  const Answer answer = child.wait();
  EXPECT_EQ(answer.code, 128 + SIGINT);
  EXPECT_TRUE(says(answer.err, "octet: stopped"));
}

}  // namespace
}  // namespace octet::test
