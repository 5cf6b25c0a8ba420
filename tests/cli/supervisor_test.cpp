// Models that never end or crash the runtime, and processes that are killed: one line, the right
// exit code, nothing left behind.
#include <signal.h>

#include "cli/fixture.hpp"
#include "support/endless_model.hpp"

namespace octet::test {
namespace {

bool lives(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.rfind("State:", 0) == 0) return line.find('Z') == std::string::npos;
  }
  return false;
}

class Supervised : public ProgramRunTest {
 protected:
  void put_endless() const { write_file(folder_ / "endless.onnx", endless_model().text()); }
  [[nodiscard]] Launch on_screen() const {
    Launch how = launch();
    how.terminal = Terminal::err;
    return how;
  }
  // Runs what never ends until it is at it, and does something to it.
  template <typename Act>
  [[nodiscard]] Answer at_work(const Words& words, const Act& act) const {
    Child child(on_screen(), words);
    child.wait_for_words();
    act(child);
    return child.wait();
  }
};

TEST_F(Supervised, AModelThatNeverEndsIsEndedAtTheTimeLimit) {
  put_endless();
  for (const Words& words :
       {Words{"quantize", "endless.onnx"}, Words{"predict", "endless.onnx"},
        Words{"parity", "endless.onnx", "endless.onnx"},
        Words{"bench", "endless.onnx", "endless.onnx", "--seconds", "0", "--warmup", "0"}}) {
    Words limited = words;
    limited.insert(limited.end(), {"--timeout", "0.3"});
    const std::string said = complaint(octet(limited));
    EXPECT_TRUE(says(said, "endless."));
    EXPECT_TRUE(says(said, "after 0.3 s; allow more with --timeout"));
    EXPECT_EQ(folder_.names(), FileNames{"endless.onnx"}) << words.front();
  }
}

TEST_F(Supervised, EverySignalIsAnsweredDuringTheProof) {
  put_endless();
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    const Answer answer =
        at_work({"quantize", "endless.onnx"}, [&](const Child& child) { child.send(signal); });
    EXPECT_EQ(answer.code, 128 + signal) << answer.err;
    EXPECT_TRUE(says(answer.err, "octet: stopped; nothing was written"));
    EXPECT_EQ(folder_.names(), FileNames{"endless.onnx"});
  }
}

TEST_F(Supervised, AWorkerThatDoesNotListenIsKilledAndItsLeftoversRemoved) {
  put_endless();
  const Answer answer = at_work({"quantize", "endless.onnx"}, [&](const Child& child) {
    ::kill(child.worker(), SIGSTOP);
    child.send(SIGTERM);
    child.send(SIGTERM);
  });
  EXPECT_EQ(answer.code, 128 + SIGTERM) << answer.err;
  EXPECT_TRUE(says(answer.err, "octet: stopped; nothing was written"));
  EXPECT_EQ(folder_.names(), FileNames{"endless.onnx"});
}

TEST_F(Supervised, AKilledWorkerIsASentence) {
  put_endless();
  const Answer answer = at_work({"quantize", "endless.onnx"},
                                [](const Child& child) { ::kill(child.worker(), SIGKILL); });
  EXPECT_EQ(answer.code, 2);
  EXPECT_TRUE(says(answer.err, "octet: endless.onnx: compare: ONNX Runtime "));
  EXPECT_TRUE(says(answer.err, "was killed (SIGKILL)"));
  EXPECT_EQ(folder_.names(), FileNames{"endless.onnx"});
}

TEST_F(Supervised, ACrashLeavesTheFoldersOfOtherRunsAlone) {
  put_endless();
  fs::create_directory(folder_ / ".octet-abcdef");
  write_file(folder_ / ".octet-abcdef" / "o.onnx", "somebody's");
  Child other(on_screen(), {"quantize", "endless.onnx", "-o", "other.onnx", "--no-gate"});
  other.wait_for_words();
  const FileNames before = folder_.names();
  EXPECT_EQ(before.size(), 3U);
  const Answer answer = at_work({"quantize", "endless.onnx", "-o", "mine.onnx", "--no-gate"},
                                [&](const Child& child) {
                                  EXPECT_EQ(folder_.names().size(), before.size() + 1);
                                  ::kill(child.worker(), SIGKILL);
                                });
  EXPECT_EQ(answer.code, 2);
  EXPECT_EQ(folder_.names(), before);
  other.send(SIGTERM);
  EXPECT_EQ(other.wait().code, 128 + SIGTERM);
}

TEST_F(Supervised, TheWorkerDiesWithItsSupervisor) {
  put_endless();
  pid_t worker = 0;
  (void)at_work({"predict", "endless.onnx"}, [&](const Child& child) {
    worker = child.worker();
    child.send(SIGKILL);
  });
  ASSERT_NE(worker, 0);
  for (int i = 0; lives(worker) && i < most_waits; ++i) ::usleep(1000);
  EXPECT_FALSE(lives(worker));
}

TEST_F(Supervised, ACrashOfTheRuntimeIsASentenceWithModelStageAndVersion) {
  const fs::path model = faults_folder() / "ort-mod_min__quantize-mod_min.onnx";
  if (!fs::exists(model)) GTEST_SKIP() << "no reproducers";
  fs::copy_file(model, folder_ / "mod.onnx");
  const Answer answer = octet({"quantize", "mod.onnx"});
  if (answer.code == 0) GTEST_SKIP() << "this ONNX Runtime survives it";
  const std::string said = complaint(answer);
  EXPECT_TRUE(says(said, "mod.onnx: compare: ONNX Runtime 1."));
  EXPECT_TRUE(says(said, "divided by zero (SIGFPE) and crashed; nothing was written"));
  EXPECT_EQ(folder_.names(), FileNames{"mod.onnx"});
}

TEST_F(Supervised, MemoryIsBounded) {
  put_digits();
  const std::string said = complaint(
      octet({"predict", "digits.onnx", "--max-memory", "200MB", "--dim", "batch=4000000"}));
  EXPECT_TRUE(says(said, "memory")) << said;
  EXPECT_FALSE(says(said, "internal error")) << said;
  EXPECT_EQ(folder_.names(), FileNames{"digits.onnx"});
}

TEST_F(Supervised, LessMemoryThanTheRuntimeItselfTakesIsRefusedByName) {
  put_digits();
  for (const char* bytes : {"1", "5MB", "63MB"}) {
    const std::string said = complaint(octet({"predict", "digits.onnx", "--max-memory", bytes}));
    EXPECT_TRUE(says(said, "--max-memory: at least 64MB")) << said;
  }
}

TEST_F(Supervised, NoHomeIsWrittenTo) {
  put_digits();
  Launch how = launch();
  const TemporaryFolder home;
  how.variables["HOME"] = home.path();
  how.variables["XDG_CACHE_HOME"] = home.path() / "cache";
  for (const Words& words :
       {Words{"version"}, Words{"quantize", "digits.onnx", "-o", "q.onnx"},
        Words{"predict", "q.onnx"}, Words{"parity", "digits.onnx", "q.onnx", "--report", "r.json"},
        Words{"bench", "digits.onnx", "q.onnx", "--seconds", "0", "--warmup", "0"}}) {
    EXPECT_EQ(run(how, words).code, 0) << words.front();
    EXPECT_EQ(home.names(), FileNames{}) << words.front();
  }
}

TEST_F(Supervised, ThreadsAreBoundedToTheMachine) {
  put_digits();
  const Answer answer = must({"predict", "digits.onnx", "--threads", "100000"});
  EXPECT_TRUE(says(answer.err, "warning: --threads 100000: this machine has"));
}

TEST_F(Supervised, WithoutASupervisorTheAnswerIsTheSame) {
  put_digits();
  Launch how = launch();
  how.variables["OCTET_NO_SUPERVISOR"] = "1";
  EXPECT_EQ(run(how, {"predict", "digits.onnx"}).out, must({"predict", "digits.onnx"}).out);
  EXPECT_EQ(run(how, {"predict", "nothing.onnx"}).code, 2);
}

}  // namespace
}  // namespace octet::test
