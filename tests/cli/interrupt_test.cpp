// SIGINT while something runs: exit code 130, one line, nothing left behind. No test waits for a
// time: the program is held where it is known to be.
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include "cli/fixture.hpp"

namespace octet::test {
namespace {

// A pipe that the program reads as a file: it stays in that read until the test lets it go.
class Gate {
 public:
  explicit Gate(const fs::path& path) : path_(path) {
    ::signal(SIGPIPE, SIG_IGN);  // a reader that is gone fails the test, not its program
    if (::mkfifo(path.c_str(), 0600) != 0) throw std::runtime_error("no pipe");
  }
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;
  ~Gate() {
    if (fd_ >= 0) ::close(fd_);
  }
  // Returns when a reader has taken the whole text.
  void feed(const std::string& text) {
    for (int i = 0; fd_ < 0 && i < most_waits; ++i, ::usleep(1000)) {
      fd_ = ::open(path_.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);  // fails until somebody reads
    }
    if (::write(fd_, text.data(), text.size()) != static_cast<ssize_t>(text.size()))
      throw std::runtime_error("cannot write into the pipe");
    int waiting = 1;
    for (int i = 0; waiting != 0 && i < most_waits; ++i, ::usleep(1000)) {
      if (::ioctl(fd_, FIONREAD, &waiting) != 0) throw std::runtime_error("not a pipe");
    }
    if (waiting != 0) throw std::runtime_error("nobody reads the pipe");
  }
  void open() {
    ::close(fd_);
    fd_ = -1;
  }

 private:
  fs::path path_;
  int fd_ = -1;
};

class Interrupted : public ProgramTest {
 protected:
  // What becomes of a quantize that is stopped by this signal while it reads its plan.
  [[nodiscard]] Answer quantize_stopped_by(int signal, const Words& more = {}) const {
    (void)must({"quantize", "digits.onnx", "--dry-run", "--save-plan", "saved.json"});
    const std::string plan = file("saved.json");
    Gate gate(folder_ / "plan.json");
    Words words = {"quantize", "digits.onnx", "-o", "new.onnx", "--plan", "plan.json"};
    words.insert(words.end(), more.begin(), more.end());
    Child child(launch(), words);
    gate.feed(plan.substr(0, 100));
    child.send(signal);
    gate.feed(plan.substr(100));
    gate.open();
    Answer answer = child.wait();
    fs::remove(folder_ / "plan.json");
    fs::remove(folder_ / "saved.json");
    return answer;
  }
};
class InterruptedRun : public ProgramRunTest {};

TEST_F(Interrupted, QuantizeEndsWithTheSignalAndLeavesNothing) {
  put_digits();
  for (const int signal : {SIGINT, SIGTERM}) {
    EXPECT_TRUE(
        says(complaint(quantize_stopped_by(signal), 128 + signal), "stopped; nothing was written"));
    EXPECT_EQ(folder_.names(), FileNames{"digits.onnx"});
  }
}

TEST_F(Interrupted, QuantizeKeepsTheOutputOfBefore) {
  put_digits();
  write_file(folder_ / "new.onnx", std::string("older"));
  (void)complaint(quantize_stopped_by(SIGINT, {"--external-data"}), 130);
  EXPECT_EQ(file("new.onnx"), "older");
  EXPECT_EQ(folder_.names(), (FileNames{"digits.onnx", "new.onnx"}));
}

TEST_F(Interrupted, ASecondSignalEndsItAtOnce) {
  put_digits();
  Gate gate(folder_ / "plan.json");
  Child child(launch(), {"quantize", "digits.onnx", "--plan", "plan.json"});
  gate.feed("{");
  child.send(SIGINT);
  child.send(SIGINT);
  EXPECT_EQ(child.wait().code, 128 + SIGINT);
}

TEST_F(InterruptedRun, BenchEndsWith130WhileItMeasures) {
  Launch how = launch();
  how.terminal = Terminal::err;
  Child child(how, {"bench", digits("digits.onnx"), digits("digits.onnx"), "--seconds", "600"});
  child.wait_for_words();  // progress: it is at work
  child.send(SIGINT);
  const Answer answer = child.wait();
  EXPECT_EQ(answer.code, 130) << answer.err;
  EXPECT_EQ(answer.out, "");
  EXPECT_TRUE(says(answer.err, "octet: stopped; nothing was written"));
}

TEST_F(InterruptedRun, BenchEndsWith130WhereverItIs) {
  Child child(launch(),
              {"bench", digits("digits.onnx"), digits("digits.onnx"), "--seconds", "600"});
  ASSERT_TRUE(child.wait_until_it_handles(SIGINT));
  child.send(SIGINT);  // while it reads models or measures memory, as a rule
  EXPECT_TRUE(says(complaint(child.wait(), 130), "stopped; nothing was written"));
}

}  // namespace
}  // namespace octet::test
