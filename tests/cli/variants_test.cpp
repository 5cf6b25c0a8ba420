// Every way to quantize gives a model that is proven and answers like the original.
#include "cli/fixture.hpp"

namespace octet::test {
namespace {

struct Variant {
  const char* name;
  Words words;
  Json expected;  // of the decision about MatMul1
  double tolerance = 0.04;
};

void PrintTo(const Variant& variant, std::ostream* out) {
  *out << variant.name;
}

class Variants : public ProgramRunTest, public ::testing::WithParamInterface<Variant> {};

TEST_P(Variants, RunAndAnswerLikeTheOriginal) {
  put_digits();
  Words words = {"quantize", "digits.onnx", "-o", "out.onnx", "--json"};
  words.insert(words.end(), GetParam().words.begin(), GetParam().words.end());
  Json report = document(octet(words));
  EXPECT_EQ(report["proof"]["status"], "passed") << report["proof"];
  EXPECT_LT(report["bytes_after"], report["bytes_before"]);
  const Json& decision = decision_in(report["plan"], "MatMul1");
  for (const auto& [field, value] : GetParam().expected.items()) {
    const bool of_decision = decision.contains(field);
    EXPECT_EQ((of_decision ? decision : decision["weights"][0])[field], value) << field;
  }
  const Json parity =
      document(octet({"parity", "digits.onnx", "out.onnx", "--data", digits("test_rows.npy"),
                      "--json", "--abs-tol", std::to_string(GetParam().tolerance)}));
  EXPECT_EQ(parity["passed"], true);
  EXPECT_GT(parity["max_abs_diff"], 0);
}

const Variant variants[] = {
    {"Defaults",
     {},
     {{"form", "dynamic_matmul"}, {"granularity", "per_channel"}, {"range", "pair"}}},
    {"PerChannel", {"--per-channel"}, {{"granularity", "per_channel"}}},
    {"PerTensor", {"--per-tensor"}, {{"granularity", "per_tensor"}}},
    {"UnsignedWeights",
     {"--weight-type", "uint8"},
     {{"form", "dynamic_matmul"}, {"storage", "uint8"}}},
    {"WeightTypeAsInQuantizeDynamic", {"--weight-type", "QUInt8"}, {{"storage", "uint8"}}},
    {"ReducedRange", {"--reduce-range"}, {{"form", "dynamic_matmul"}, {"range", "reduced"}}},
    {"OpTypes", {"--op-types", "MatMul"}, {{"form", "dynamic_matmul"}}},
    {"TargetPortable", {"--target", "portable"}, {{"range", "pair"}}},
    {"TargetAvx2", {"--target", "avx2"}, {{"range", "pair"}}},
    {"TargetVnni", {"--target", "vnni"}, {{"range", "full"}}},
    {"TargetArm64", {"--target", "arm64"}, {{"range", "full"}}},
    {"StandardOps", {"--ops", "standard"}, {{"form", "dynamic_matmul"}, {"ops", "standard"}}},
    {"StandardOpsUnsigned",
     {"--ops", "standard", "--weight-type", "uint8", "--per-tensor"},
     {{"ops", "standard"}, {"storage", "uint8"}, {"granularity", "per_tensor"}}},
    {"StoredAsFloat16", {"--storage", "float16"}, {{"form", "dynamic_matmul"}}},
    {"OnlyComputed", {"--storage", "float32"}, {{"form", "dynamic_matmul"}}},
    {"ReducedPerTensor",
     {"--reduce-range", "--per-tensor"},
     {{"range", "reduced"}, {"granularity", "per_tensor"}}},
};

INSTANTIATE_TEST_SUITE_P(Quantize, Variants, ::testing::ValuesIn(variants),
                         [](const auto& variant) { return variant.param.name; });

TEST_F(ProgramRunTest, StandardOpsLeaveOnlyOperatorsOfOnnxItself) {
  put_digits();
  (void)must({"quantize", "digits.onnx", "-o", "out.onnx", "--ops", "standard"});
  const Json before = document(octet({"inspect", "digits.onnx", "--json"}));
  const Json after = document(octet({"inspect", "out.onnx", "--json"}));
  EXPECT_EQ(after["opsets"], before["opsets"]);
  EXPECT_EQ(after["operators"]["MatMulInteger"], 1);
  for (const auto& [op, count] : after["operators"].items()) {
    EXPECT_EQ(op.find("com.microsoft"), std::string::npos) << op;
  }
}

}  // namespace
}  // namespace octet::test
