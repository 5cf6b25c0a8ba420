// Streams that are closed, full or that nobody reads; and hostile files: never an abort, never an
// "internal error".
#include "cli/fixture.hpp"

namespace octet::test {
namespace {

class Streams : public ProgramTest {
 protected:
  // The program, as a shell starts it with these redirections.
  [[nodiscard]] Answer shell(const std::string& words, const std::string& redirections) const {
    Launch how = launch();
    how.program = "/bin/sh";
    return run(how, {"-c", std::string("exec '") + OCTET_PROGRAM + "' " + words + redirections});
  }
};

TEST_F(Streams, AMessageThatCannotBeWrittenChangesNothing) {
  EXPECT_EQ(shell("inspect /nowhere", " 2>&-").code, 2);
  EXPECT_EQ(shell("inspect /nowhere", " 2>/dev/full").code, 2);
  EXPECT_EQ(shell("--nothing", " 2>&-").code, 2);
  EXPECT_EQ(shell("version", " <&- 2>&-").code, 0);
}

TEST_F(Streams, AnOutputThatTakesNothingIsFoundBeforeAnythingIsWritten) {
  put_digits();
  for (const char* redirection : {" >&-", " >/dev/full", " >&- 2>&-"}) {
    EXPECT_EQ(shell("quantize --no-proof digits.onnx -o q.onnx", redirection).code, 2);
    EXPECT_EQ(folder_.names(), FileNames{"digits.onnx"}) << redirection;
  }
  EXPECT_TRUE(says(shell("inspect digits.onnx", " >&-").err, "standard output: is closed"));
}

TEST_F(Streams, AReaderThatIsGoneEndsItQuietly) {
  put_digits();
  Launch how = launch();
  how.program = "/bin/sh";
  const Answer answer = run(how, {"-c", std::string("(sleep 0.2; '") + OCTET_PROGRAM +
                                            "' inspect digits.onnx; echo $? >code) | true"});
  for (int i = 0; !fs::exists(folder_ / "code") && i < most_waits; ++i) ::usleep(1000);
  EXPECT_EQ(file("code"), "141\n");
  EXPECT_EQ(answer.err, "");
}

TEST_F(Streams, NoHostileFileIsAnInternalError) {
  if (faults_folder().empty()) GTEST_SKIP() << "no reproducers";
  put_digits();
  for (const auto& entry : fs::directory_iterator(faults_folder())) {
    const std::string path = fs::canonical(entry.path()).string();
    for (const Words& words :
         {Words{"inspect", path}, Words{"quantize", "--no-proof", "--dry-run", path},
          Words{"quantize", "--dry-run", "digits.onnx", "--plan", path},
          Words{"bench", "digits.onnx", "digits.onnx", "--parity", path, "--seconds", "0"}}) {
      if (words[0] == "inspect" && path.find(".onnx") == std::string::npos) continue;
      const Answer answer = octet(words);
      EXPECT_GE(answer.code, 0);
      EXPECT_LE(answer.code, 2) << words.front() << " " << path << ": " << answer.err;
      EXPECT_EQ(answer.err.find("internal error"), std::string::npos) << answer.err;
      EXPECT_EQ(answer.err.find("crashed"), std::string::npos) << path << answer.err;
    }
  }
}

TEST_F(Streams, OddCommandLinesAreNoInternalErrors) {
  put_digits();
  for (const Words& words :
       {Words{"quantize", ""}, Words{"quantize", "digits.onnx", "-o", std::string(300, 'x')},
        Words{"inspect", std::string(5000, 'y')}, Words{"inspect", "/dev/null"},
        Words{"quantize", "digits.onnx", "--include", "/(/"},
        Words{"quantize", "digits.onnx", "--include", "/" + std::string(50000, '(') + "/"},
        Words{"inspect", "digits.onnx", "--timeout", "nan"}, Words{"inspect", "/proc/self/mem"},
        Words{"quantize", "digits.onnx/x", "-o", "digits.onnx/y"}}) {
    const Answer answer = octet(words);
    EXPECT_EQ(answer.code, 2) << words.back().substr(0, 50);
    EXPECT_EQ(answer.err.find("internal error"), std::string::npos) << answer.err;
  }
}

}  // namespace
}  // namespace octet::test
