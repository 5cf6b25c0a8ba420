// kill -9 and races: what lies under the output's name is always one whole result.
#include <signal.h>

#include <cstdlib>
#include <random>

#include "faults/fixture.hpp"

namespace octet::test {
namespace {

// OCTET_KILLS=1000 for more than the daily run.
int kills() {
  const char* text = std::getenv("OCTET_KILLS");
  return text != nullptr ? std::atoi(text) : 200;
}

// What becomes of o.onnx when a.onnx or b.onnx is quantized with external data.
class Killed : public FaultTest {
 protected:
  void SetUp() override {
    FaultTest::SetUp();
    if (IsSkipped()) return;
    for (const char* model : {"a.onnx", "b.onnx"}) results_.push_back(after(external(model)));
  }
  [[nodiscard]] static Words external(const std::string& model) {
    return quantize(model, {"--external-data"});
  }
  // The model is one of the results, and so is the data file that this one points to.
  [[nodiscard]] bool is_whole() const {
    const Snapshot now = snapshot();
    for (const Snapshot& result : results_) {
      if (!now.contains("o.onnx") || now.at("o.onnx") != result.at("o.onnx")) continue;
      return std::includes(now.begin(), now.end(), result.begin(), result.end());
    }
    return false;
  }
  [[nodiscard]] bool is_only(std::size_t result) const { return snapshot() == results_[result]; }

  // The worker of a supervisor that was killed is killed by the kernel a moment later, on a busy
  // machine a long one: until then it lives, and what it holds is left alone.
  [[nodiscard]] bool leaves(const Words& words, const Snapshot& expected) const {
    constexpr int most_runs = 100;
    for (int run = 0; run < most_runs; ++run) {
      (void)must(words);
      if (snapshot() == expected) return true;
      ::usleep(50000);
    }
    return false;
  }

  std::vector<Snapshot> results_;
};

TEST_F(Killed, AtAnyMomentLeavesAWholeModelAndTheNextRunNothingElse) {
  (void)must(external("a.onnx"));
  std::mt19937 random(1);
  const auto start = std::chrono::steady_clock::now();
  (void)must(external("b.onnx"));
  const auto one_run = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now() - start);
  for (int i = 0; i < kills(); ++i) {
    {
      const Child child(launch(), external(i % 2 == 0 ? "a.onnx" : "b.onnx"));
      ::usleep(static_cast<unsigned>(random() % static_cast<unsigned>(one_run.count() + 1)));
      child.send(SIGKILL);
    }
    ASSERT_TRUE(is_whole()) << "after kill " << i;
  }
  EXPECT_TRUE(leaves(external("a.onnx"), results_[0]))
      << ::testing::PrintToString(names_in(snapshot()));
}

TEST_F(Killed, BetweenItsRenamesLeavesTheOldModelAndTheNextRunNothingElse) {
  for (const char* rename : {"rename:1:pause", "rename:2:pause", "rename:3:pause"}) {
    (void)must(external("a.onnx"));
    {
      const Child child(with_fault(rename), external("b.onnx"));
      ASSERT_TRUE(wait_until_reached()) << rename;
      child.send(SIGKILL);
    }
    EXPECT_TRUE(is_whole()) << rename;
    EXPECT_TRUE(leaves(external("a.onnx"), results_[0]))
        << rename << ::testing::PrintToString(names_in(snapshot()));
  }
}

TEST_F(Killed, BeforeTheOldDataIsRemovedLeavesItToTheNextRun) {
  for (const Words& next : {external("a.onnx"), quantize("a.onnx")}) {
    const Snapshot expected = after(next);
    (void)must(external("a.onnx"));
    {
      const Child child(with_fault("unlink:1:pause"), external("b.onnx"));
      ASSERT_TRUE(wait_until_reached());
      child.send(SIGKILL);
    }
    EXPECT_TRUE(is_whole());
    EXPECT_FALSE(is_only(1));  // the old data is still there
    EXPECT_TRUE(leaves(next, expected)) << ::testing::PrintToString(names_in(snapshot()));
    (void)must(quantize("a.onnx"));
    fs::remove(folder_ / "o.onnx");
  }
}

TEST_F(Killed, WithoutExternalDataLeavesNothingEither) {
  (void)must(quantize("a.onnx"));
  const Snapshot old = snapshot();
  {
    const Child child(with_fault("posix_fallocate:1:pause"), quantize("b.onnx"));
    ASSERT_TRUE(wait_until_reached());
    child.send(SIGKILL);
  }
  EXPECT_GT(snapshot().size(), old.size());  // a staging folder: nobody could remove it
  EXPECT_TRUE(leaves(quantize("a.onnx"), old));
}

TEST_F(Killed, LeavesTheStagingFoldersOfTheLivingAlone) {
  Child child(with_fault("posix_fallocate:1:pause"), external("a.onnx"));
  ASSERT_TRUE(wait_until_reached());
  (void)must(external("b.onnx"));
  let_go();
  EXPECT_EQ(child.wait().code, 0);
  EXPECT_TRUE(is_only(0));
}

using Racing = Killed;

TEST_F(Racing, TwoRunsForOneOutputEndWithOneOfThemWhole) {
  for (int i = 0; i < 100; ++i) {
    Child a(launch(), external("a.onnx"));
    Child b(launch(), external("b.onnx"));
    EXPECT_EQ(a.wait().code, 0);
    EXPECT_EQ(b.wait().code, 0);
    ASSERT_TRUE(is_only(0) || is_only(1)) << "race " << i;
  }
}

// A is held before each of its renames while B runs whole.
TEST_F(Racing, ARunHeldBetweenItsRenamesIsNotMixedWithAnother) {
  for (const char* rename : {"rename:1:pause", "rename:2:pause", "rename:3:pause"}) {
    Child a(with_fault(rename), external("a.onnx"));
    ASSERT_TRUE(wait_until_reached());
    Child b(launch(), external("b.onnx"));
    ::usleep(50000);  // B gets as far as it may
    EXPECT_TRUE(!fs::exists(folder_ / "o.onnx") || is_whole()) << rename;
    let_go();
    EXPECT_EQ(a.wait().code, 0);
    EXPECT_EQ(b.wait().code, 0);
    EXPECT_TRUE(is_only(0) || is_only(1)) << rename;
  }
}

}  // namespace
}  // namespace octet::test
