// The input is written to while it is read: refused in one line, at every stage, with nothing left.
#include "faults/fixture.hpp"

namespace octet::test {
namespace {

class ChangingInput : public FaultTest {
 protected:
  // Quantizes a.onnx, held at `fault`, and changes the file meanwhile.
  [[nodiscard]] Answer quantize_while(const std::string& fault, const auto& change) const {
    Child child(with_fault(fault), quantize("a.onnx"));
    EXPECT_TRUE(wait_until_reached());
    change();
    let_go();
    return child.wait();
  }
  void expect_refused(const Answer& answer) const {
    EXPECT_TRUE(says(complaint(answer), "a.onnx: it was c"))
        << answer.err;  // changed, or cut short
    EXPECT_FALSE(fs::exists(folder_ / "o.onnx"));
    EXPECT_EQ(folder_.names(), (FileNames{"a.onnx", "b.onnx"}));
  }
};

TEST_F(ChangingInput, CutShortIsAnErrorAndNotASignal) {
  for (const std::uintmax_t size :
       {std::uintmax_t{100000}, std::uintmax_t{10}, std::uintmax_t{0}}) {
    write_file(folder_ / "a.onnx", mlp().bytes());
    expect_refused(quantize_while("posix_fallocate:1:pause",
                                  [&] { fs::resize_file(folder_ / "a.onnx", size); }));
  }
}

TEST_F(ChangingInput, RewrittenInPlaceIsNoModelToBelieve) {
  expect_refused(quantize_while("posix_fallocate:1:pause", [&] {
    std::fstream file(folder_ / "a.onnx", std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(100000);
    file << std::string(10000, 'x');
  }));
}

TEST_F(ChangingInput, ReplacedByAnotherFileIsRefusedToo) {
  expect_refused(quantize_while("fsync:1:pause", [&] {
    fs::copy_file(folder_ / "b.onnx", folder_ / "c.onnx");
    fs::rename(folder_ / "c.onnx", folder_ / "a.onnx");
  }));
}

TEST_F(ChangingInput, IsNoticedInItsDataFile) {
  (void)must({"quantize", "a.onnx", "-o", "e.onnx", "--no-proof", "--external-data", "--exclude",
              "first"});
  const FileNames before = folder_.names();
  fs::path data;
  for (const std::string& name : before) {
    if (name.ends_with(".data")) data = folder_ / name;
  }
  Child child(with_fault("posix_fallocate:1:pause"), quantize("e.onnx"));
  ASSERT_TRUE(wait_until_reached());
  fs::resize_file(data, 4096);
  let_go();
  EXPECT_TRUE(says(complaint(child.wait()), data.filename().string() + ": it was c"));
  EXPECT_EQ(folder_.names(), before);
}

}  // namespace
}  // namespace octet::test
