// Words on the command line: help, spelling, what is not known.
#include "cli/fixture.hpp"

namespace octet::test {
namespace {

constexpr const char* commands[] = {"export", "quantize", "parity",  "bench",
                                    "tune",   "predict",  "inspect", "version"};

class Usage : public ProgramTest {};

TEST_F(Usage, HelpOfEveryCommandAnswersWithExamples) {
  for (const std::string command : commands) {
    const Answer answer = octet({command, "--help"});
    EXPECT_EQ(answer.code, 0) << command;
    EXPECT_EQ(answer.err, "") << command;
    EXPECT_TRUE(says(answer.out, "Usage: octet " + command));
    EXPECT_TRUE(says(answer.out, "Examples:\n  octet " + command));
  }
}

TEST_F(Usage, HelpNamesEveryCommandAndEveryExitCode) {
  const Answer answer = must({"--help"});
  for (const std::string command : commands) EXPECT_TRUE(says(answer.out, "\n  " + command + " "));
  EXPECT_TRUE(says(answer.out,
                   "Exit codes: 0 yes or done, 1 the answer is no, 2 could not, "
                   "130 interrupted (143 terminated)."));
  EXPECT_EQ(answer.out.find("peak-memory"), std::string::npos);  // for bench alone
}

TEST_F(Usage, WithoutACommandTheHelpIsShownAndNothingWasDone) {
  const Answer answer = octet({});
  EXPECT_EQ(answer.code, 2);
  EXPECT_EQ(answer.out, must({"--help"}).out);
}

TEST_F(Usage, VersionFlagGivesOneLine) {
  const Answer answer = must({"--version"});
  EXPECT_EQ(answer.out.rfind("octet ", 0), 0U) << answer.out;
  EXPECT_EQ(lines_of(answer.out), 1);
}

TEST_F(Usage, AnUnknownCommandSuggestsTheNearest) {
  EXPECT_TRUE(says(
      complaint(octet({"quantise"})),
      "quantise is not known; did you mean quantize?; the commands are quantize, export, parity"));
  EXPECT_TRUE(says(complaint(octet({"benhc", "a.onnx"})), "did you mean bench?"));
}

TEST_F(Usage, AnUnknownOptionSuggestsTheNearest) {
  const std::pair<Words, const char*> cases[] = {
      {{"quantize", "--exclud", "x"}, "--exclud is not known; did you mean --exclude?"},
      {{"quantize", "in.onnx", "--per-chanel"}, "did you mean --per-channel?"},
      {{"quantize", "--weight-typ=int8"}, "did you mean --weight-type?"},
      {{"parity", "--abs-tolerance", "1"}, "(see octet parity --help)"},
      {{"bench", "--batches", "1"}, "did you mean --batch?"},
      {{"predict", "--outputname", "x"}, "did you mean --output-name?"},
      {{"inspect", "--jsn"}, "did you mean --json?"},
      {{"version", "--orrt", "x"}, "did you mean --ort?"},
  };
  for (const auto& [words, expected] : cases) {
    EXPECT_TRUE(says(complaint(octet(words)), expected));
  }
}

TEST_F(Usage, AWordTooManyIsRefused) {
  EXPECT_TRUE(says(complaint(octet({"inspect", "a.onnx", "b.onnx"})), "b.onnx"));
}

TEST_F(Usage, UnderscoresInOptionNamesMeanHyphens) {
  put_digits();
  const Words words = {"quantize", "digits.onnx", "--dry_run", "--json", "--no_proof"};
  const auto with = [&](const Words& more) {
    Words all = words;
    all.insert(all.end(), more.begin(), more.end());
    return document(octet(all));
  };
  Json tensor = with({"--per_tensor"});
  EXPECT_EQ(decision_in(tensor["plan"], "MatMul1")["weights"][0]["granularity"], "per_tensor");
  Json channel = with({"--per_channel"});
  EXPECT_EQ(decision_in(channel["plan"], "MatMul1")["weights"][0]["granularity"], "per_channel");
  Json type = with({"--weight_type=QUInt8"});
  EXPECT_EQ(decision_in(type["plan"], "MatMul1")["weights"][0]["storage"], "uint8");
}

TEST_F(Usage, UnderscoresInValuesStay) {
  put_digits();
  Json report =
      document(octet({"quantize", "digits.onnx", "--dry-run", "--json", "--exclude=Mu_Mul"}));
  EXPECT_EQ(decision_in(report["plan"], "Mu_Mul")["reason"], "excluded");
}

TEST_F(Usage, AListTakesOneWordSoThatAFileMayFollow) {
  put_digits();
  const Answer answer =
      octet({"quantize", "--op-types", "MatMul,Add", "digits.onnx", "--dry-run", "--json"});
  Json report = document(answer);
  EXPECT_EQ(report["input"], "digits.onnx");
  EXPECT_EQ(decision_in(report["plan"], "Mu_Mul")["reason"], "excluded");
  EXPECT_EQ(decision_in(report["plan"], "MatMul1")["reason"], "fast");
  // "no file there" and not "no number": the names were understood as models.
  const Answer bench = octet({"bench", "--batch", "1,8", "a.onnx", "b.onnx"});
  EXPECT_EQ(complaint(bench).find("Could not convert"), std::string::npos);
}

TEST_F(Usage, ValuesThatDoNotExistAreRefusedWithThoseThatDo) {
  put_digits();
  const std::pair<Words, const char*> cases[] = {
      {{"--target", "z80"},
       "--target \"z80\" is not one of portable, native, avx2, avx512, avx512_vnni"},
      {{"--ops", "own"}, "--ops \"own\" is not one of contrib, standard"},
      {{"--weight-type", "int4"}, "--weight-type \"int4\" is not one of int8, uint8"},
      {{"--storage", "int4"}, "--storage \"int4\" is not one of int8, float16, float32"},
      {{"--threads", "-1"}, "--threads"},
      {{"--dim", "batch"}, "--dim batch: write a name and a size, like --dim seq=64"},
      {{"--dim", "batch=0"}, "--dim batch=0: write a name and a size"},
      {{"--per-tensor", "--per-channel"}, "--per-tensor excludes --per-channel"},
      {{"--exclude"}, "--exclude"},
  };
  for (const auto& [words, expected] : cases) {
    Words all = {"quantize", "digits.onnx"};
    all.insert(all.end(), words.begin(), words.end());
    EXPECT_TRUE(says(complaint(octet(all)), expected));
  }
  EXPECT_TRUE(says(complaint(octet({"predict", "digits.onnx", "--format", "xml"})),
                   "xml not in {csv,jsonl,npy}"));
  EXPECT_EQ(folder_.names(), FileNames{"digits.onnx"});
}

}  // namespace
}  // namespace octet::test
