// Every call that can fail does so once, at every place where it is made: the run ends whole, or
// with 2, one line, the old output and nothing else.
#include <cerrno>

#include "faults/fixture.hpp"

namespace octet::test {
namespace {

struct Failing {
  const char* call;
  int error;
};

class FailingCall : public FaultTest, public ::testing::WithParamInterface<Failing> {
 protected:
  // Old data goes last, and stays where even that much cannot be read or removed: a file too many,
  // never one too few.
  static Snapshot without_old_data(Snapshot now, const Snapshot& old, const Snapshot& whole) {
    std::erase_if(now, [&](const auto& entry) {
      const auto was = old.find(entry.first);
      return !whole.contains(entry.first) && entry.first.ends_with(".data") && was != old.end() &&
             was->second == entry.second;
    });
    return now;
  }

  // Runs `words` with the n-th call failing, for every n there is, over the output of `before`.
  void fail_everywhere(const Words& before, const Words& words) const {
    (void)must(before);
    const Snapshot old = snapshot();
    const Snapshot whole = after(words);
    for (int n = 1;; ++n) {
      const std::string fault = std::string(GetParam().call) + ":" + std::to_string(n) + ":" +
                                std::to_string(GetParam().error);
      const Answer answer = run(with_fault(fault), words);
      if (!reached()) return;
      if (answer.code == 0) {
        EXPECT_TRUE(without_old_data(snapshot(), old, whole) == whole)
            << fault << ::testing::PrintToString(names_in(snapshot()));
      } else {
        EXPECT_TRUE(says(complaint(answer), ": ")) << fault;
        EXPECT_EQ(names_in(snapshot()), names_in(old)) << fault << ": " << answer.err;
        EXPECT_TRUE(snapshot() == old) << fault << ": " << answer.err;
      }
      restore(old);
    }
  }
};

TEST_P(FailingCall, LeavesTheOldModelOrTheNew) {
  fail_everywhere(quantize("a.onnx"), quantize("b.onnx"));
}

TEST_P(FailingCall, LeavesTheOldModelAndItsDataOrTheNew) {
  fail_everywhere(quantize("a.onnx", {"--external-data"}), quantize("b.onnx", {"--external-data"}));
}

INSTANTIATE_TEST_SUITE_P(
    , FailingCall,
    ::testing::Values(Failing{"open", EIO}, Failing{"open", EMFILE}, Failing{"mmap", ENOMEM},
                      Failing{"posix_fallocate", ENOSPC}, Failing{"fsync", EIO},
                      Failing{"rename", EIO}, Failing{"link", EIO}, Failing{"mkdtemp", ENOSPC},
                      Failing{"flock", EIO}, Failing{"unlink", EIO}, Failing{"rmdir", EIO},
                      Failing{"ftruncate", EIO}, Failing{"fchmod", EIO}, Failing{"mkdir", EIO}),
    [](const auto& failing) {
      return std::string(failing.param.call) + "_" + strerrorname_np(failing.param.error);
    });

class FailingWrite : public FaultTest {};

// The message itself may be what cannot be written; the files are what counts.
TEST_F(FailingWrite, NeverLeavesHalfAnOutput) {
  (void)must(quantize("a.onnx"));
  const Snapshot old = snapshot();
  const Snapshot whole = after(quantize("b.onnx"));
  for (int n = 1; n < 50; ++n) {
    const Answer answer =
        run(with_fault("write:" + std::to_string(n) + ":" + std::to_string(ENOSPC)),
            quantize("b.onnx"));
    if (!reached()) return;
    EXPECT_TRUE(answer.code == 0 || answer.code == 2) << answer.code;
    EXPECT_TRUE(snapshot() == whole || snapshot() == old) << n;
    restore(old);
  }
}

}  // namespace
}  // namespace octet::test
