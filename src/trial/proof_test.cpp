// What the proof accepts, what it refuses, and what it says when it can show little.
#include "trial/proof.hpp"

#include <gtest/gtest.h>

#include "support/endless_model.hpp"
#include "support/sample_models.hpp"
#include "support/temporary_folder.hpp"

namespace octet::trial {
namespace {

using base::ElementType;
using test::ModelBuilder;
using test::ModelBytes;
using test::weight;

QuantizeOptions with_runtime() {
  QuantizeOptions options;
  options.runtime.library = test::ort_library();
  return options;
}

Proof proof_of(const ModelBytes& original, const ModelBytes& result,
               const QuantizeOptions& options = with_runtime()) {
  return prove(test::source(original), graph::Graph::import(test::source(original)),
               test::source(result), options);
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

class Proofs : public test::OrtTest {
 protected:
  // The message with which `result` is refused.
  [[nodiscard]] std::string refused(const ModelBytes& result) const {
    return test::refusal(ErrorCode::runtime_failed, [&] { (void)proof_of(original_, result); });
  }
  ModelBytes original_ = test::mlp().bytes();
};

TEST_F(Proofs, ASoundResultPasses) {
  const Proof proof = proof_of(original_, test::quantized(original_));
  EXPECT_EQ(proof.status, Proof::Status::passed) << proof.detail;
  EXPECT_FALSE(proof.runtime_version.empty());
  ASSERT_TRUE(proof.max_abs_diff);
  EXPECT_GT(*proof.max_abs_diff, 0);
  EXPECT_LT(*proof.max_abs_diff, 0.05);
  EXPECT_LT(*proof_of(original_, original_).max_abs_diff, 1e-5);
}

TEST_F(Proofs, AResultThatDoesNotLoadIsRefused) {
  EXPECT_TRUE(has(refused(ModelBuilder()
                              .input("x", ElementType::float32, {"batch", 256})
                              .node("NoSuchOperator", {"x"}, {"y"})
                              .output("y", ElementType::float32)
                              .bytes()),
                  "failed its proof and was not written"));
}

TEST_F(Proofs, AResultThatLoadsAndDoesNotRunIsRefused) {
  const std::string message =
      refused(ModelBuilder()
                  .input("x", ElementType::float32, {"batch", 256})
                  .initializer("shape", test::tensor<std::int64_t>({2}, {7, 7}))
                  .node("Reshape", {"x", "shape"}, {"y"})
                  .output("y", ElementType::float32)
                  .bytes());
  EXPECT_TRUE(has(message, "failed its proof")) << message;
  EXPECT_TRUE(has(message, "Reshape")) << message;
}

TEST_F(Proofs, AStagedResultIsCalledWhatItWillBe) {
  const test::TemporaryFolder folder;
  test::write_file(folder / "staged", ModelBuilder()
                                          .input("x", ElementType::float32, {"batch", 256})
                                          .node("NoSuchOperator", {"x"}, {"y"})
                                          .output("y", ElementType::float32)
                                          .bytes());
  const std::string message = test::refusal(ErrorCode::runtime_failed, [&] {
    (void)prove(test::source(original_), graph::Graph::import(test::source(original_)),
                ModelSource(folder / "staged"), with_runtime(), "out.onnx");
  });
  EXPECT_TRUE(has(message, "out.onnx: ")) << message;
  EXPECT_FALSE(has(message, "staged: ")) << message;
}

// Taken for a failure of the result, it would be one of the model instead.
TEST_F(Proofs, AStoppedRunOfTheResultIsNoAnswer) {
  original_ = ModelBuilder()
                  .input("x", ElementType::float32, {8, 64})
                  .node("Neg", {"x"}, {"y"})
                  .output("y", ElementType::float32, {8, 64})
                  .bytes();
  QuantizeOptions options = with_runtime();
  int asked = 0;  // the original takes a few; then no, once, in the run that does not end
  options.progress = [&](const Progress&) { return ++asked != 20; };
  (void)test::refusal(ErrorCode::cancelled,
                      [&] { (void)proof_of(original_, test::endless_model().bytes(), options); });
}

TEST_F(Proofs, AResultThatTakesOtherShapesIsRefused) {
  EXPECT_TRUE(has(refused(test::mlp(256, 200).bytes()), "input \"x\" changed its shape"));
}

TEST_F(Proofs, AResultWithOtherOutputsIsRefused) {
  EXPECT_TRUE(has(refused(test::mlp().output("h2", ElementType::float32).bytes()), "\"h2\""));
}

TEST_F(Proofs, AResultThatIsNotFiniteIsRefused) {
  test::TensorSpec broken = weight({128}, 4);
  const float infinity = std::numeric_limits<float>::infinity();
  std::memcpy(broken.raw.data(), &infinity, sizeof infinity);
  EXPECT_TRUE(has(refused(ModelBuilder()
                              .input("x", ElementType::float32, {"batch", 256})
                              .initializer("W", weight({256, 128}))
                              .initializer("b", broken)
                              .node("Gemm", {"x", "W", "b"}, {"y"})
                              .output("y", ElementType::float32)
                              .bytes()),
                  "not finite where the original's is"));
}

TEST_F(Proofs, DimensionsThatTheModelRunsOnAreFound) {
  original_ = ModelBuilder()
                  .input("x", ElementType::float32, {"batch", "samples"})
                  .initializer("W", weight({513, 128}))
                  .node("MatMul", {"x", "W"}, {"y"})
                  .output("y", ElementType::float32)
                  .bytes();
  const Proof proof = proof_of(original_, test::quantized(original_));
  EXPECT_EQ(proof.status, Proof::Status::passed) << proof.detail;
  EXPECT_TRUE(has(proof.detail, "samples = 513")) << proof.detail;
}

TEST_F(Proofs, AModelThatRunsOnNothingAtHandIsShownToLoad) {
  original_ = ModelBuilder()
                  .input("x", ElementType::float32, {"batch", "samples"})
                  .initializer("W", weight({1027, 128}))
                  .node("Concat", {"x", "x"}, {"xx"}, {test::attr("axis", 1)})  // never odd
                  .node("MatMul", {"xx", "W"}, {"y"})
                  .output("y", ElementType::float32)
                  .bytes();
  const Proof proof = proof_of(original_, test::quantized(original_));
  EXPECT_EQ(proof.status, Proof::Status::loaded_only);
  EXPECT_TRUE(has(proof.detail, "octet parity --data")) << proof.detail;
}

TEST_F(Proofs, InputsThatCannotBeMadeUpAreShownToLoad) {
  constexpr auto float8 = static_cast<ElementType>(17);
  original_ = ModelBuilder()
                  .ir_version(9)
                  .opset(19)
                  .input("x", float8, {2, 256})
                  .initializer("W", weight({256, 256}))
                  .node("Cast", {"x"}, {"f"}, {test::attr("to", 1)})
                  .node("MatMul", {"f", "W"}, {"y"})
                  .output("y", ElementType::float32)
                  .bytes();
  EXPECT_EQ(proof_of(original_, test::quantized(original_)).status, Proof::Status::loaded_only);
}

TEST_F(Proofs, AnOriginalThatDoesNotLoadIsToBlame) {
  original_ = ModelBuilder()
                  .input("x", ElementType::float32, {"batch", 256})
                  .node("NoSuchOperator", {"x"}, {"y"})
                  .output("y", ElementType::float32)
                  .bytes();
  EXPECT_TRUE(has(refused(original_), "the original model does not load"));
}

TEST(ProofsWithoutARuntime, AreRefusedWhenItWasNamed) {
  QuantizeOptions options;
  options.runtime.library = "no/such/libonnxruntime.so";
  const ModelBytes original = test::mlp().bytes();
  const std::string message = test::refusal(ErrorCode::runtime_missing, [&] {
    (void)proof_of(original, test::quantized(original), options);
  });
  EXPECT_TRUE(has(message, "no/such/libonnxruntime.so")) << message;
}

TEST(ProofsOfLargeFiles, LoadATwinThatPointsIntoTheFile) {
  const test::TemporaryFolder folder;
  test::write_file(folder / "small.onnx", test::mlp().bytes());
  EXPECT_EQ(*provable(folder / "small.onnx").path(), folder / "small.onnx");

  for (const ModelBytes& original : {test::mlp(2000).bytes(), test::branches(300).bytes()}) {
    test::write_file(folder / "large.onnx", test::quantized(original));
    const ModelSource twin = provable(folder / "large.onnx", 100'000);
    EXPECT_NE(*twin.path(), folder / "large.onnx");
    EXPECT_LT(std::filesystem::file_size(*twin.path()), 400'000U);
    if (test::ort() == nullptr) GTEST_SKIP() << "no ONNX Runtime library: set OCTET_ORT";
    const Proof proof = prove(test::source(original), graph::Graph::import(test::source(original)),
                              twin, with_runtime());
    EXPECT_EQ(proof.status, Proof::Status::passed) << proof.detail;
  }
}

}  // namespace
}  // namespace octet::trial
