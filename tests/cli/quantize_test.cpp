// octet quantize: what appears, what is said, what is refused and then leaves nothing behind.
#include <sys/stat.h>

#include <regex>

#include "cli/fixture.hpp"
#include "support/sample_models.hpp"

namespace octet::test {
namespace {

using base::ElementType;

class QuantizeCommand : public ProgramTest {};
class ProvenQuantizeCommand : public ProgramRunTest {};

ModelBuilder tree() {
  return ModelBuilder()
      .opset(3, "ai.onnx.ml")
      .input("x", ElementType::float32, {"n", 4})
      .node("TreeEnsembleRegressor", {"x"}, {"y"}, {}, "forest", "ai.onnx.ml")
      .output("y", ElementType::float32, {"n", 1});
}

TEST_F(QuantizeCommand, WithoutArgumentsWritesTheDefaultFileAndSaysSoLast) {
  put_digits("artifacts/model.onnx");
  const Answer answer = must({"quantize"});
  EXPECT_EQ(last_line(answer.out), "Wrote artifacts/model.int8.onnx");
  EXPECT_EQ(answer.err, "");
  EXPECT_LT(fs::file_size(folder_ / "artifacts/model.int8.onnx"),
            fs::file_size(folder_ / "artifacts/model.onnx") / 2);
  EXPECT_EQ(folder_.names(), FileNames{"artifacts"});
}

TEST_F(QuantizeCommand, NamesTheOutputAfterTheInput) {
  put_digits("deep/net.v2.onnx");
  EXPECT_EQ(last_line(must({"quantize", "deep/net.v2.onnx", "--no-proof"}).out),
            "Wrote deep/net.v2.int8.onnx");
  EXPECT_TRUE(fs::exists(folder_ / "deep/net.v2.int8.onnx"));
}

TEST_F(QuantizeCommand, ShowsFormsSizesAndWhatStayedFloatAndWhy) {
  put_digits();
  const std::string out = must({"quantize", "digits.onnx", "-o", "out.onnx"}).out;
  for (const char* part : {"dynamic_matmul int8         1   524.3 kB   132.1 kB\n",
                           "folded float16              1    10.2 kB     5.1 kB\n", "left float",
                           "tiny", "storing small pays from 4096", "670.7 kB -> "}) {
    EXPECT_TRUE(says(out, part));
  }
}

TEST_F(QuantizeCommand, GivesTheSameBytesOnAnyNumberOfThreads) {
  put_digits();
  for (const std::string threads : {"1", "2", "5", "0"}) {
    (void)must(
        {"quantize", "digits.onnx", "-o", threads + ".onnx", "--no-proof", "--threads", threads});
    EXPECT_EQ(file(threads + ".onnx"), file("1.onnx")) << threads;
  }
}

TEST_F(QuantizeCommand, RefusesToOverwriteItsInput) {
  put_digits();
  const std::string before = file("digits.onnx");
  for (const char* output : {"digits.onnx", "./digits.onnx"}) {
    EXPECT_TRUE(says(complaint(octet({"quantize", "digits.onnx", "-o", output})),
                     "would overwrite digits.onnx, which is read; choose another path"));
  }
  EXPECT_EQ(file("digits.onnx"), before);
  EXPECT_EQ(folder_.names(), FileNames{"digits.onnx"});
}

TEST_F(QuantizeCommand, LeavesAnOutputThatIsNoFileInPlace) {
  put_digits();
  ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  EXPECT_TRUE(says(complaint(octet({"quantize", "digits.onnx", "-o", "pipe"})),
                   "pipe: cannot write the output: not a regular file"));
  EXPECT_TRUE(fs::is_fifo(folder_ / "pipe"));
  EXPECT_EQ(folder_.names(), (FileNames{"digits.onnx", "pipe"}));
}

TEST_F(QuantizeCommand, SaysWhichFileIsMissing) {
  EXPECT_TRUE(says(complaint(octet({"quantize", "gone.onnx", "-o", "new/out.onnx"})),
                   "gone.onnx: there is no such file; "));
  EXPECT_TRUE(says(complaint(octet({"quantize"})),
                   "artifacts/model.onnx: there is no such file; export one"));
  EXPECT_EQ(folder_.names(), FileNames{});
}

TEST_F(QuantizeCommand, SaysThatTheOutputsFolderCannotBeMade) {
  put_digits();
  EXPECT_TRUE(says(complaint(octet({"quantize", "digits.onnx", "-o", "digits.onnx/out.onnx"})),
                   "digits.onnx/out.onnx: cannot create its folder: Not a directory"));
  EXPECT_EQ(folder_.names(), FileNames{"digits.onnx"});
}

TEST_F(QuantizeCommand, AMalformedModelGetsOneLineWithByteAndFieldAndLeavesNothing) {
  const std::string model = mlp().text();
  const std::regex line(R"(octet: bad\.onnx: byte [0-9]+: [A-Za-z]+Proto field [0-9]+: [^\n]+\n)");
  for (std::size_t cut = 20; cut < model.size(); cut += model.size() / 16) {
    write_file(folder_ / "bad.onnx", model.substr(0, cut));
    for (const Words& words :
         {Words{"quantize", "bad.onnx", "-o", "new/out.onnx"}, Words{"inspect", "bad.onnx"}}) {
      const std::string said = complaint(octet(words));
      EXPECT_TRUE(std::regex_match(said, line)) << cut << ": " << said;
    }
  }
  EXPECT_EQ(folder_.names(), FileNames{"bad.onnx"});
}

TEST_F(QuantizeCommand, AFileThatIsNoModelGetsOneLine) {
  for (const std::string content : {"", "hello\n", "{\"passed\": true}\n", "\x93NUMPY"}) {
    write_file(folder_ / "bad.onnx", content);
    EXPECT_TRUE(says(complaint(octet({"quantize", "bad.onnx"})), "octet: bad.onnx: "));
  }
  EXPECT_EQ(folder_.names(), FileNames{"bad.onnx"});
}

TEST_F(QuantizeCommand, NothingToQuantizeIsANoWithAReasonAndAWayOut) {
  write_file(folder_ / "tree.onnx", tree().bytes());
  const std::string said = complaint(octet({"quantize", "tree.onnx", "-o", "new/out.onnx"}), 1);
  EXPECT_TRUE(says(said, "octet: tree.onnx: nothing to quantize: the model is a tree ensemble"));
  EXPECT_TRUE(says(said, "--allow-unchanged copies the model as it is"));
  EXPECT_EQ(folder_.names(), FileNames{"tree.onnx"});
}

TEST_F(QuantizeCommand, NothingToQuantizeIsANoInJsonToo) {
  write_file(folder_ / "tree.onnx", tree().bytes());
  const Json report = document(octet({"quantize", "tree.onnx", "--json"}), 1);
  EXPECT_EQ(report["unchanged"], true);
  EXPECT_EQ(report["written"], false);
  EXPECT_TRUE(says(report["detail"].get<std::string>(), "--allow-unchanged"));
  EXPECT_EQ(folder_.names(), FileNames{"tree.onnx"});
}

TEST_F(QuantizeCommand, AllowUnchangedCopiesTheModel) {
  write_file(folder_ / "tree.onnx", tree().bytes());
  const Answer answer =
      must({"quantize", "tree.onnx", "-o", "same.onnx", "--allow-unchanged", "--no-proof"});
  EXPECT_EQ(last_line(answer.out), "Wrote same.onnx");
  EXPECT_EQ(file("same.onnx"), file("tree.onnx"));
}

TEST_F(QuantizeCommand, EverythingExcludedIsTheInputByteForByte) {
  put_digits();
  const Words words = {"quantize", "digits.onnx", "-o", "same.onnx", "--exclude", "*"};
  EXPECT_TRUE(says(complaint(octet(words), 1), "every weight stays float"));
  Words allowed = words;
  allowed.emplace_back("--allow-unchanged");
  (void)must(allowed);
  EXPECT_EQ(file("same.onnx"), file("digits.onnx"));
}

TEST_F(QuantizeCommand, ADryRunWritesNothingAndTellsWhatTheRealRunDoes) {
  put_digits();
  for (const bool external : {false, true}) {
    Words words = {"quantize", "digits.onnx", "-o", "new/out.onnx", "--json"};
    if (external) words.emplace_back("--external-data");
    Words dry_words = words;
    dry_words.emplace_back("--dry-run");
    Json dry = document(octet(dry_words));
    EXPECT_EQ(folder_.names(), FileNames{"digits.onnx"});
    Json real = document(octet(words));
    EXPECT_EQ(dry["written"], false);
    EXPECT_EQ(real["written"], true);
    EXPECT_EQ(dry["plan"], real["plan"]);
    std::uintmax_t on_disk = fs::file_size(folder_ / "new/out.onnx");
    if (external) on_disk += fs::file_size(folder_ / std::string(real["data_file"]));
    EXPECT_EQ(dry["bytes_after"], on_disk);
    for (const char* field : {"bytes_before", "bytes_after", "weight_bytes_before",
                              "weight_bytes_after", "unchanged", "output"}) {
      EXPECT_EQ(dry[field], real[field]) << field;
    }
    fs::remove_all(folder_ / "new");
  }
}

TEST_F(QuantizeCommand, ADryRunSaysThatItWroteNothing) {
  put_digits();
  const Answer answer = must({"quantize", "digits.onnx", "--dry-run"});
  EXPECT_EQ(last_line(answer.out), "Dry run: nothing written");
  EXPECT_EQ(folder_.names(), FileNames{"digits.onnx"});
}

TEST_F(QuantizeCommand, WithoutAProofNeedsNoRuntimeAndSaysSo) {
  put_digits();
  const Answer answer = must({"quantize", "digits.onnx", "--no-proof"});
  EXPECT_TRUE(says(answer.out, "Proof   skipped: not asked for"));
}

TEST_F(ProvenQuantizeCommand, TellsWhichRuntimeProvedTheResult) {
  put_digits();
  const Answer answer = must({"quantize", "digits.onnx", "--data", digits("test_rows.npy")});
  EXPECT_TRUE(says(answer.out, "Proof   passed: ONNX Runtime 1."));
  EXPECT_TRUE(says(answer.out, "test_rows.npy"));
  EXPECT_TRUE(says(answer.out, "optimisations on and off"));
}

TEST_F(QuantizeCommand, NumbersThatMeanNothingAreRefusedByTheirOption) {
  put_digits();
  for (const Words& words :
       {Words{"--abs-tol", "-1"}, Words{"--mean-tol", "nan"}, Words{"--min-agreement", "2"},
        Words{"--repair-seconds", "inf"}, Words{"--repair-seconds", "-1"},
        Words{"--speed-seconds", "nan"}, Words{"--speed-seconds", "1e30"}}) {
    const std::string option = words[0] == "--min-agreement" ? "--min-label-agreement" : words[0];
    EXPECT_TRUE(says(complaint(octet({"quantize", "digits.onnx", words[0], words[1]})), option));
  }
  EXPECT_EQ(folder_.names(), FileNames{"digits.onnx"});
}

TEST_F(ProvenQuantizeCommand, TellsHowTheAnswersDifferAndOnWhat) {
  put_digits();
  const Answer answer = must({"quantize", "digits.onnx"});
  EXPECT_TRUE(says(answer.out, "Gate    passed on seeded inputs")) << answer.out;
  EXPECT_TRUE(says(answer.out, " signal ")) << answer.out;
  const Json gate = document(octet({"quantize", "digits.onnx", "--dry-run", "--json"}))["gate"];
  EXPECT_EQ(gate["status"], "passed");
  EXPECT_EQ(gate["parity"]["made_up"], true);
}

TEST_F(ProvenQuantizeCommand, WhoseAnswersDoNotHoldIsANoWithTheNearestPlanBeside) {
  put_digits();
  must({"quantize", "digits.onnx", "--no-gate", "--save-plan", "p.json", "--dry-run"});
  const Answer answer =
      octet({"quantize", "digits.onnx", "--plan", "p.json", "--abs-tol", "0", "-o", "o.onnx"});
  const std::string said = last_line(answer.err);
  EXPECT_EQ(answer.code, 1);
  EXPECT_TRUE(says(said, "not written: on seeded inputs")) << said;
  EXPECT_TRUE(says(said, "max_abs_diff")) << said;
  EXPECT_TRUE(says(said, "the nearest is in o.onnx.plan.json")) << said;
  EXPECT_EQ(folder_.names(), (FileNames{"digits.onnx", "o.onnx.plan.json", "p.json"}));
  must({"quantize", "digits.onnx", "--plan", "o.onnx.plan.json", "--no-gate", "-o", "o.onnx"});
}

TEST_F(ProvenQuantizeCommand, DeliversNothingThatCannotBeProven) {
  ModelBuilder model = mlp().node("Riddle", {"y"}, {"z"}, {}, "", "of.nobody");
  model.opset(1, "of.nobody").output("z", ElementType::float32);
  write_file(folder_ / "in.onnx", model.bytes());
  EXPECT_TRUE(says(complaint(octet({"quantize", "in.onnx", "-o", "out.onnx"})),
                   "the original model does not load on ONNX Runtime"));
  EXPECT_EQ(folder_.names(), FileNames{"in.onnx"});
  (void)must({"quantize", "in.onnx", "-o", "out.onnx", "--no-proof"});
  EXPECT_EQ(folder_.names(), (FileNames{"in.onnx", "out.onnx"}));
}

TEST_F(ProvenQuantizeCommand, KeepsAnOlderOutputWhenTheProofFails) {
  ModelBuilder model = mlp().node("Riddle", {"y"}, {"z"}, {}, "", "of.nobody");
  model.opset(1, "of.nobody").output("z", ElementType::float32);
  write_file(folder_ / "in.onnx", model.bytes());
  write_file(folder_ / "out.onnx", std::string("older"));
  (void)complaint(octet({"quantize", "in.onnx", "-o", "out.onnx"}));
  EXPECT_EQ(file("out.onnx"), "older");
  EXPECT_EQ(folder_.names(), (FileNames{"in.onnx", "out.onnx"}));
}

TEST_F(ProvenQuantizeCommand, DataThatDoesNotFitIsRefusedAndNothingIsWritten) {
  put_digits();
  write_file(folder_ / "rows.csv", std::string("1,2,3\n"));
  EXPECT_TRUE(says(complaint(octet({"quantize", "digits.onnx", "--data", "rows.csv"})),
                   "octet: rows.csv: "));
  EXPECT_EQ(folder_.names(), (FileNames{"digits.onnx", "rows.csv"}));
}

}  // namespace
}  // namespace octet::test
