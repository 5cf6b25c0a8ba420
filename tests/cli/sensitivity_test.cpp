#include "cli/fixture.hpp"

namespace octet::test {
namespace {

class SensitivityCommand : public ProgramRunTest {
 protected:
  void SetUp() override {
    ProgramRunTest::SetUp();
    put_digits();
  }
};

TEST_F(SensitivityCommand, RanksLayersAndWritesThemAsSelectors) {
  const std::string out =
      must({"sensitivity", "digits.onnx", "--data", digits("test_rows.npy"), "--list", "worst.txt"})
          .out;
  EXPECT_TRUE(says(out, "All together: "));
  EXPECT_EQ(last_line(out), "Wrote worst.txt");
  const std::string list = file("worst.txt");
  EXPECT_TRUE(says(list, "MatMul1\t# "));
  const Json excluded = document(octet({"quantize", "digits.onnx", "--dry-run", "--no-proof",
                                        "--json", "--allow-unchanged", "--exclude", "@worst.txt"}));
  for (const Json& decision : excluded.at("plan").at("decisions"))
    EXPECT_EQ(decision.at("form"), "float") << decision.at("node");
}

TEST_F(SensitivityCommand, RefusesToWriteOverItsModel) {
  EXPECT_TRUE(says(complaint(octet({"sensitivity", "digits.onnx", "--list", "digits.onnx"})),
                   "digits.onnx"));
}

TEST_F(SensitivityCommand, SaysWhenNothingIsChanged) {
  EXPECT_TRUE(
      says(must({"sensitivity", "digits.onnx", "--exclude", "*"}).out, "The plan changes nothing"));
}

}  // namespace
}  // namespace octet::test
