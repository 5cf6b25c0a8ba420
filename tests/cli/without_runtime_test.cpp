// Machines without ONNX Runtime: quantizing works, the rest says how to get one.
#include "cli/fixture.hpp"

namespace octet::test {
namespace {

// The program away from its build folder, where nothing leads it to a library.
class WithoutRuntime : public ProgramTest {
 protected:
  void SetUp() override {
    put_digits();
    fs::create_directory(home_ / "bin");
    how_.program = home_ / "bin/octet";
    fs::copy_file(OCTET_PROGRAM, how_.program);
    how_.folder = folder_.path();
    how_.variables["LD_LIBRARY_PATH"] = "";
    const Json version = document(run(how_, {"version", "--json"}));
    if (version["runtime"]["available"] == true)
      GTEST_SKIP() << "the system has " << version["runtime"]["library"];
  }

  TemporaryFolder home_;
  Launch how_;
};

void expect_help(const std::string& text) {
  for (const char* part :
       {"pip install onnxruntime in the active environment", "--ort PATH or OCTET_ORT"}) {
    EXPECT_TRUE(says(text, part));
  }
}

TEST_F(WithoutRuntime, QuantizeWritesTheModelAndSaysThatTheProofWasSkipped) {
  const Answer answer = run(how_, {"quantize", "digits.onnx", "-o", "out.onnx"});
  EXPECT_EQ(answer.code, 0) << answer.err;
  EXPECT_TRUE(says(answer.out, "\nProof   skipped: no ONNX Runtime library: tried "));
  expect_help(answer.out);
  EXPECT_EQ(last_line(answer.out), "Wrote out.onnx");
  EXPECT_EQ(document(run(how_, {"quantize", "digits.onnx", "--json"}))["proof"]["status"],
            "skipped");
  (void)must({"quantize", "digits.onnx", "-o", "proven.onnx"});
  EXPECT_EQ(file("out.onnx"), file("proven.onnx"));
}

TEST_F(WithoutRuntime, TheOthersSayInOneLineHowToGetOne) {
  for (const Words& words :
       {Words{"parity", "digits.onnx", "digits.onnx"}, Words{"bench", "digits.onnx", "digits.onnx"},
        Words{"predict", "digits.onnx"}}) {
    const std::string said = complaint(run(how_, words));
    EXPECT_TRUE(says(said, "no ONNX Runtime library: tried the system's libonnxruntime.so.1"));
    expect_help(said);
  }
  EXPECT_EQ(folder_.names(), FileNames{"digits.onnx"});
}

TEST_F(WithoutRuntime, InspectAndVersionWork) {
  EXPECT_EQ(run(how_, {"inspect", "digits.onnx"}).code, 0);
  const Answer version = run(how_, {"version"});
  EXPECT_EQ(version.code, 0);
  EXPECT_TRUE(says(version.out, "ONNX Runtime   none: no ONNX Runtime library"));
  expect_help(version.out);
  const Json json = document(run(how_, {"version", "--json"}));
  EXPECT_EQ(json["runtime"]["available"], false);
  expect_help(json["runtime"]["problem"]);
}

TEST_F(WithoutRuntime, OneBesideTheProgramIsFound) {
  if (ort_library().empty()) GTEST_SKIP() << "no ONNX Runtime library: set OCTET_ORT";
  for (const char* place : {"ort/lib", "lib/octet", "bin"}) {
    fs::create_directories(home_ / place);
    const fs::path link = home_ / place / "libonnxruntime.so.1";
    fs::create_symlink(fs::canonical(ort_library()), link);
    EXPECT_EQ(document(run(how_, {"version", "--json"}))["runtime"]["available"], true) << place;
    fs::remove(link);
  }
}

class ALibraryThatIsNone : public ProgramTest {
 protected:
  void SetUp() override {
    put_digits();
    write_file(folder_ / "none.so", std::string("no library"));
  }
};

TEST_F(ALibraryThatIsNone, IsNotReplacedByAnother) {
  for (const std::string library : {"none.so", "gone.so", "."}) {
    const std::string said = complaint(octet({"predict", "digits.onnx", "--ort", library}));
    EXPECT_TRUE(says(said, library + " (given by --ort): "));
    expect_help(said);
    Launch how = launch();
    how.variables["OCTET_ORT"] = library;
    EXPECT_TRUE(says(complaint(run(how, {"parity", "digits.onnx", "digits.onnx"})),
                     library + " (given by OCTET_ORT): "));
  }
}

TEST_F(ALibraryThatIsNone, IsNoReasonToSkipAProof) {
  Launch how = launch();
  how.variables.erase("OCTET_ORT");
  const Words words = {"quantize", "digits.onnx", "-o", "out.onnx", "--ort", "none.so"};
  EXPECT_TRUE(says(complaint(run(how, words)), "none.so (given by --ort): cannot be loaded: "));
  EXPECT_EQ(folder_.names(), (FileNames{"digits.onnx", "none.so"}));
}

TEST_F(ALibraryThatIsNone, GivesWayToTheOneOnTheCommandLine) {
  if (ort_library().empty()) GTEST_SKIP() << "no ONNX Runtime library: set OCTET_ORT";
  Launch how = launch();
  how.variables["OCTET_ORT"] = "none.so";
  EXPECT_EQ(run(how, {"predict", "digits.onnx", "--ort", ort_library().string()}).code, 0);
}

}  // namespace
}  // namespace octet::test
