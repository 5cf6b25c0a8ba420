// scikit-learn's default export ends in ZipMap: labels, and probabilities as a sequence of maps.
// They are proven, compared and shown like every other output.
#include "cli/fixture.hpp"
#include "support/host_tensors.hpp"
#include "support/model_builder.hpp"

namespace octet::test {
namespace {

using base::ElementType;

// x[n, 64] · W[64, 3] → softmax → the label of the largest, and every class by its name. `scale`
// makes W another one.
ModelBuilder classifier(const Names& classes, float scale = 1) {
  std::vector<float> weights;
  for (int i = 0; i < 64 * 3; ++i)
    weights.push_back(scale * static_cast<float>(i * 37 % 101 - 50) / 100);
  return ModelBuilder()
      .opset(1, "ai.onnx.ml")
      .input("x", ElementType::float32, {"n", 64})
      .initializer("W", tensor<float>({64, 3}, weights))
      .initializer("names", tensor<std::int64_t>({3}, {10, 20, 30}))
      .node("MatMul", {"x", "W"}, {"h"})
      .node("Softmax", {"h"}, {"p"}, {attr("axis", 1)})
      .node("ArgMax", {"h"}, {"i"}, {attr("axis", 1), attr("keepdims", 0)})
      .node("Gather", {"names", "i"}, {"label"})
      .node("ZipMap", {"p"}, {"probability"}, {attr("classlabels_strings", classes)}, "",
            "ai.onnx.ml")
      .output("label", ElementType::int64, {"n"})
      .map_sequence_output("probability", ElementType::string, ElementType::float32);
}

const Names irises = {"setosa", "versicolor", "virginica"};

class NestedOutputs : public ProgramRunTest {
 protected:
  void SetUp() override {
    ProgramRunTest::SetUp();
    if (IsSkipped()) return;
    put("iris.onnx", classifier(irises));
  }
  void put(const std::string& name, const ModelBuilder& model) const {
    write_file(folder_ / name, model.text());
  }
  [[nodiscard]] Json parity(const std::string& candidate, int code) const {
    return document(octet({"parity", "iris.onnx", candidate, "--json"}), code);
  }
};

TEST_F(NestedOutputs, OfAModelWithItselfPassByKey) {
  const Json report = parity("iris.onnx", 0);
  ASSERT_EQ(report["outputs"].size(), 2U);
  EXPECT_EQ(report["outputs"][1]["name"], "probability");
  EXPECT_EQ(report["outputs"][1]["elements"], 3 * 64);
  EXPECT_EQ(report["outputs"][1]["max_abs_diff"], 0);
  EXPECT_EQ(report["verdict"], "passed");
}

TEST_F(NestedOutputs, ThatDifferFail) {
  put("other.onnx", classifier(irises, -1));
  const Json report = parity("other.onnx", 1);
  EXPECT_EQ(report["verdict"], "failed");
  EXPECT_GT(report["outputs"][1]["max_abs_diff"], 0.04);
}

TEST_F(NestedOutputs, WithOtherKeysFailThoughTheNumbersAgree) {
  put("other.onnx", classifier({"setosa", "versicolor", "virginia"}));
  const Answer answer = octet({"parity", "iris.onnx", "other.onnx"});
  EXPECT_EQ(answer.code, 1);
  EXPECT_TRUE(says(answer.out, "keys {setosa, versicolor, virginica} became"));
}

TEST_F(NestedOutputs, ThatNobodyCanCompareLeaveTheVerdictIncomplete) {
  put("odd.onnx",
      ModelBuilder()
          .opset(19)
          .ir_version(9)
          .input("x", ElementType::float32, {"n", 2})
          .node("Cast", {"x"}, {"small"}, {attr("to", static_cast<int>(ElementType::float8e4m3fn))})
          .node("Neg", {"x"}, {"y"})
          .output("y", ElementType::float32, {"n", 2})
          .output("small", ElementType::float8e4m3fn, {"n", 2}));
  const Answer answer = octet({"parity", "odd.onnx", "odd.onnx"});
  EXPECT_EQ(answer.code, 1) << answer.err;
  EXPECT_TRUE(says(answer.out, "INCOMPLETE on "));
  EXPECT_TRUE(says(answer.out, "output \"small\": not compared: its elements are float8e4m3fn"));
}

TEST_F(NestedOutputs, AreProvenByQuantizeAndShownByPredict) {
  const Answer made = must({"quantize", "iris.onnx", "--allow-unchanged", "-o", "out.onnx"});
  EXPECT_TRUE(says(made.out, "Proof"));
  const std::string csv = must({"predict", "iris.onnx"}).out;
  EXPECT_EQ(csv.substr(0, csv.find('\n')),
            "label,probability[setosa],probability[versicolor],probability[virginica]");
  const std::string line = must({"predict", "iris.onnx", "--format", "jsonl"}).out;
  const Json row = Json::parse(line.substr(0, line.find('\n')));
  EXPECT_EQ(fields_of(row["probability"]), irises);
}

}  // namespace
}  // namespace octet::test
