#include "runtime/run_control.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <thread>

#include "runtime/session.hpp"
#include "support/claims.hpp"
#include "support/endless_model.hpp"
#include "support/places.hpp"

namespace octet::runtime {
namespace {

using test::refusal;
using test::says;

class RunControlTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto path = test::ort_library();
    if (path.empty()) GTEST_SKIP() << "no ONNX Runtime library: set OCTET_ORT";
    library_ = load_library({.library = path, .environment_library = {}, .fallbacks = {}});
  }
  [[nodiscard]] Session endless(RunControl control) const {
    SessionOptions options;
    options.label = "endless.onnx";
    options.control = std::move(control);
    return Session::from_bytes(library_, test::endless_model().bytes(), options);
  }
  std::shared_ptr<const Library> library_;
  const std::vector<base::NamedTensor> feed_ = {
      {"x", {base::ElementType::float32, {8, 64}, std::vector<std::byte>(8 * 64 * 4), {}}}};
};

TEST_F(RunControlTest, EndsARunWhenTheCallerWantsNoMore) {
  std::atomic<int> asked{0};
  RunControl control;
  control.go_on = [&] { return ++asked < 3; };
  const Session session = endless(control);
  EXPECT_TRUE(
      says(refusal(ErrorCode::cancelled, [&] { (void)session.run(feed_); }), "stopped on request"));
  EXPECT_EQ(asked, 3);
}

TEST_F(RunControlTest, EndsARunAtTheLimitAndNamesModelRuntimeAndOption) {
  RunControl control;
  control.limit_seconds = 0.05;
  const Session session = endless(control);
  const auto words = refusal(ErrorCode::timed_out, [&] { (void)session.run(feed_); });
  EXPECT_TRUE(says(words, "endless.onnx: still running on ONNX Runtime "));
  EXPECT_TRUE(says(words, "after 0.05 s; allow more with --timeout"));
}

TEST_F(RunControlTest, ABoundRunIsEndedToo) {
  RunControl control;
  control.limit_seconds = 0.05;
  const Session session = endless(control);
  const auto bound = session.bind(feed_);
  (void)refusal(ErrorCode::timed_out, [&] { bound.run(); });
  (void)refusal(ErrorCode::timed_out, [&] { bound.run(); });  // and stays ended
}

TEST_F(RunControlTest, SessionsOfOneStageShareItsLimit) {
  RunControl control;
  control.limit_seconds = 0.05;
  (void)refusal(ErrorCode::timed_out, [&] { (void)endless(control).run(feed_); });
  (void)refusal(ErrorCode::timed_out, [&] { (void)endless(control).run(feed_); });
}

TEST_F(RunControlTest, GivesOnWhatTheCallbackThrows) {
  RunControl control;
  std::atomic<int> asked{0};
  control.go_on = [&]() -> bool {
    if (++asked > 1) throw std::runtime_error("mine");
    return true;
  };
  const Session session = endless(control);
  try {
    (void)session.run(feed_);
    FAIL() << "nothing was thrown";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "mine");
  }
}

// What a progress callback relies on: it is never called while its thread is not waiting.
TEST_F(RunControlTest, AsksOnlyWhileTheCallerWaits) {
  std::atomic<bool> waiting{false};
  std::atomic<int> wrong{0};
  RunControl control;
  control.go_on = [&] {
    if (!waiting) ++wrong;
    return true;
  };
  const auto identity = test::ModelBuilder()
                            .input("x", test::ElementType::float32, {"n", 64})
                            .node("Identity", {"x"}, {"y"})
                            .output("y", test::ElementType::float32, {"n", 64})
                            .bytes();
  SessionOptions options;
  options.control = control;
  const Session session = Session::from_bytes(library_, identity, options);
  for (int i = 0; i < 30; ++i) {
    waiting = true;
    (void)session.run(feed_);
    waiting = false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace octet::runtime
