// Command lines as people write them.
#include "cli/fixture.hpp"

namespace octet::test {
namespace {

class Habits : public ProgramRunTest {
 protected:
  void SetUp() override {
    ProgramRunTest::SetUp();
    if (!IsSkipped()) put_digits("m.onnx");
  }
};

TEST_F(Habits, DataTakesOneFileAndLeavesTheModelAlone) {
  fs::copy_file(digits("test_rows.npy"), folder_ / "rows.npy");
  EXPECT_EQ(last_line(must({"quantize", "--data", "rows.npy", "m.onnx"}).out), "Wrote m.int8.onnx");
}

TEST_F(Habits, ASecondNameIsTheOutputUnlessItIsAFloatModel) {
  EXPECT_EQ(last_line(must({"quantize", "m.onnx", "out.onnx"}).out), "Wrote out.onnx");
  EXPECT_EQ(last_line(must({"quantize", "m.onnx", "out.onnx"}).out), "Wrote out.onnx");
  put_digits("float.onnx");
  const std::string before = file("float.onnx");
  EXPECT_TRUE(says(complaint(octet({"quantize", "m.onnx", "float.onnx"})),
                   "float.onnx: it would be the output, but it is no INT8 model"));
  EXPECT_EQ(file("float.onnx"), before);
}

TEST_F(Habits, FoldersGiveAResultForEveryModelAndTheWorstExitCode) {
  fs::create_directory(folder_ / "models");
  put_digits("models/a.onnx");
  put_digits("models/b.onnx");
  EXPECT_EQ(octet({"quantize", "models", "-o", "out/", "--no-proof"}).code, 0);
  EXPECT_TRUE(fs::exists(folder_ / "out/a.int8.onnx"));
  EXPECT_TRUE(fs::exists(folder_ / "out/b.int8.onnx"));
  write_file(folder_ / "models/broken.onnx", std::string("no model"));
  const Answer answer = octet({"quantize", "models", "-o", "again/", "--no-proof"});
  EXPECT_EQ(answer.code, 2);
  EXPECT_TRUE(fs::exists(folder_ / "again/b.int8.onnx"));
  EXPECT_TRUE(says(answer.out, "could not"));
}

TEST_F(Habits, TheCandidateFollowsFromTheReferenceAndTheOtherWayRound) {
  (void)must({"quantize", "m.onnx"});
  for (const char* model : {"m.onnx", "m.int8.onnx"}) {
    const Answer answer = octet({"parity", model, "--abs-tol", "1"});
    EXPECT_TRUE(says(answer.out, "m.int8.onnx against m.onnx")) << model;
  }
}

TEST_F(Habits, NamesOfTheReferenceQuantizerAreUnderstood) {
  const Json report = document(octet({"quantize", "--model_input", "m.onnx", "--model_output",
                                      "out.onnx", "--nodes_to_exclude", "MatMul1", "--per_channel",
                                      "--weight_type", "QInt8", "--force", "--json"}));
  EXPECT_EQ(report["output"], "out.onnx");
  Json plan = report["plan"];
  EXPECT_EQ(decision_in(plan, "MatMul1")["reason"], "excluded");
}

TEST_F(Habits, TheEndingOfTheOutputDecidesTheFormatOfPredictions) {
  (void)must({"predict", "m.onnx", "-o", "p.jsonl"});
  EXPECT_EQ(file("p.jsonl").front(), '{');
  (void)must({"predict", "m.onnx", "--output-name", "probabilities", "-o", "p.npy"});
  EXPECT_TRUE(says(file("p.npy"), "NUMPY"));
}

TEST_F(Habits, QuietSaysNothingButWhatFails) {
  const Answer answer = must({"quantize", "m.onnx", "-q"});
  EXPECT_EQ(answer.out + answer.err, "");
  EXPECT_EQ(lines_of(octet({"quantize", "gone.onnx", "--quiet"}).err), 1);
  EXPECT_FALSE(must({"predict", "m.onnx", "-q"}).out.empty());
}

TEST_F(Habits, NothingToQuantizeIsNoFailureWhereThatWasSaid) {
  const Words words = {"quantize", "m.onnx", "--exclude", "*", "-o", "out.onnx"};
  EXPECT_EQ(octet(words).code, 1);
  Words more = words;
  more.emplace_back("--ok-unchanged");
  EXPECT_TRUE(says(must(more).err, "nothing to quantize"));
  EXPECT_FALSE(fs::exists(folder_ / "out.onnx"));
}

TEST_F(Habits, ExplainKnowsEveryReasonAndMessage) {
  EXPECT_TRUE(says(must({"explain", "storage_only"}).out, "no faster INT8 form"));
  EXPECT_TRUE(says(must({"explain", "runtime_missing"}).out, "pip install onnxruntime"));
  for (const char* code : {"usage", "invalid_data", "io", "crashed", "tiny", "slower", "FAILED"})
    EXPECT_TRUE(says(must({"explain"}).out, code));
}

TEST_F(Habits, DoctorSaysWhatIsThereAndWhatToType) {
  EXPECT_TRUE(says(must({"doctor"}).out, "Nothing is missing"));
  const Answer without = octet({"doctor", "--ort", "gone"});
  EXPECT_EQ(without.code, 1);
  EXPECT_TRUE(says(without.out, "pip install onnxruntime"));
}

TEST_F(Habits, CompletionsNameEveryCommandAndOption) {
  for (const char* shell : {"bash", "zsh", "fish", "man"}) {
    const std::string text = must({"completions", shell}).out;
    for (const char* word : {"quantize", "parity", "bench", "explain"})
      EXPECT_TRUE(says(text, word)) << shell;
  }
  const std::string bash = must({"completions", "bash"}).out;
  write_file(folder_ / "octet.bash", bash +
                                         "\nCOMP_WORDS=(octet quantize --per-t); COMP_CWORD=2; "
                                         "_octet; echo ${COMPREPLY[@]}\n");
  EXPECT_EQ(std::system(("bash '" + (folder_ / "octet.bash").string() + "' > '" +
                         (folder_ / "words").string() + "'")
                            .c_str()),
            0);
  EXPECT_EQ(file("words"), "--per-tensor\n");
}

// The program away from its build folder, where nothing but the environment leads to a library.
class AwayFromHome : public ProgramTest {
 protected:
  void SetUp() override {
    put_digits("m.onnx");
    fs::copy_file(OCTET_PROGRAM, away_ / "octet");
    how_.program = away_ / "octet";
    how_.folder = folder_.path();
    how_.variables["LD_LIBRARY_PATH"] = "";
    how_.variables["VIRTUAL_ENV"] = "";
    how_.variables["CONDA_PREFIX"] = "";
    how_.variables["HOME"] = away_.path().string();
    if (document(run(how_, {"version", "--json"}))["runtime"]["available"] == true)
      GTEST_SKIP() << "the system has a runtime";
  }

  TemporaryFolder away_;
  Launch how_;
};

TEST_F(AwayFromHome, ARequiredProofIsANoWhereNothingCouldBeRun) {
  EXPECT_TRUE(says(complaint(run(how_, {"quantize", "m.onnx", "--require-proof"}), 1),
                   "the result could not be proven, as was required"));
  EXPECT_EQ(folder_.names(), FileNames{"m.onnx"});
}

// pip's package: its folder is enough.
TEST_F(AwayFromHome, TheRuntimeOfAnActiveEnvironmentIsFound) {
  if (ort_library().empty()) GTEST_SKIP() << "no ONNX Runtime library: set OCTET_ORT";
  const fs::path capi = away_ / "venv/lib/python3.12/site-packages/onnxruntime/capi";
  fs::create_directories(capi);
  const fs::path library = capi / "libonnxruntime.so.1.99.0";
  fs::copy_file(fs::canonical(ort_library()), library);
  const auto found = [&](const Words& more) {
    Words words = {"version", "--json"};
    words.insert(words.end(), more.begin(), more.end());
    const Json version = document(run(how_, words));
    return version["runtime"]["available"] == true ? version["runtime"]["library"] : Json("none");
  };
  EXPECT_EQ(found({"--ort", capi.parent_path().string()}), library.string());
  how_.variables["VIRTUAL_ENV"] = (away_ / "venv").string();
  EXPECT_EQ(found({}), library.string());
  how_.variables["VIRTUAL_ENV"] = "";
  how_.variables["CONDA_PREFIX"] = (away_ / "venv").string();
  EXPECT_EQ(found({}), library.string());
}

}  // namespace
}  // namespace octet::test
