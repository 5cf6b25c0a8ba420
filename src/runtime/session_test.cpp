#include "runtime/session.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <numeric>

#include "octet/error.hpp"
#include "runtime/library.hpp"
#include "support/claims.hpp"
#include "support/model_builder.hpp"
#include "support/places.hpp"

namespace octet::runtime {
namespace {

using base::ElementType;
using base::NamedTensor;
using base::Tensor;
using test::attr;
using test::GraphBuilder;
using test::holds;
using test::ModelBuilder;
using test::refusal;
using test::says;
using test::tensor;

template <typename T>
Tensor numbers(std::vector<std::int64_t> dims, const std::vector<T>& values) {
  const test::TensorSpec spec = tensor<T>(std::move(dims), values);
  Tensor out{spec.type, spec.dims, {}, {}};
  out.bytes.resize(spec.raw.size());
  if (!spec.raw.empty()) std::memcpy(out.bytes.data(), spec.raw.data(), spec.raw.size());
  return out;
}

class SessionTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto path = test::ort_library();
    if (path.empty()) GTEST_SKIP() << "no ONNX Runtime library: set OCTET_ORT";
    library_ = load_library({.library = path, .environment_library = {}, .fallbacks = {}});
  }
  [[nodiscard]] Session load(const std::vector<std::byte>& bytes,
                             SessionOptions options = {}) const {
    return Session::from_bytes(library_, bytes, options);
  }
  std::shared_ptr<const Library> library_;
};

ModelBuilder matmul() {
  return ModelBuilder()
      .input("x", ElementType::float32, {"batch", 3})
      .initializer("W", tensor<float>({3, 2}, {1, 2, 3, 4, 5, 6}))
      .node("MatMul", {"x", "W"}, {"y"})
      .output("y", ElementType::float32, {"batch", 2});
}

TEST_F(SessionTest, MultipliesAtBothOptimisationLevels) {
  for (const Optimization level : {Optimization::all, Optimization::off}) {
    const Session session = load(matmul().bytes(), {.optimization = level, .label = {}});
    const auto out =
        session.run(std::vector<NamedTensor>{{"x", numbers<float>({2, 3}, {1, 0, 0, 1, 1, 1})}});
    ASSERT_EQ(out.size(), 1U);
    EXPECT_EQ(out[0].name, "y");
    EXPECT_TRUE(holds(out[0].tensor.dims, {2, 2}));
    EXPECT_TRUE(holds(out[0].tensor.as<float>(), {1, 2, 9, 12}));
  }
}

TEST_F(SessionTest, DescribesPortsWithSymbols) {
  const Session session = load(matmul().bytes());
  ASSERT_EQ(session.inputs().size(), 1U);  // the initializer W is not an input
  EXPECT_EQ(session.inputs()[0].type, ElementType::float32);
  EXPECT_TRUE(holds(session.inputs()[0].dims, {-1, 3}));
  EXPECT_TRUE(holds(session.inputs()[0].symbols, {"batch", ""}));
  EXPECT_EQ(session.outputs()[0].name, "y");
}

TEST_F(SessionTest, PassesEveryFixedSizeTypeThroughUnchanged) {
  const auto passes = [&](const Tensor& given) {
    const auto bytes = ModelBuilder()
                           .input("x", given.type, {"n"})
                           .node("Identity", {"x"}, {"y"})
                           .output("y", given.type, {"n"})
                           .bytes();
    const auto out = load(bytes).run(std::vector<NamedTensor>{{"x", given}});
    EXPECT_EQ(out.at(0).tensor.type, given.type);
    EXPECT_EQ(out.at(0).tensor.dims, given.dims);
    EXPECT_EQ(out.at(0).tensor.bytes, given.bytes);
  };
  passes(numbers<float>({2}, {1.5F, -2}));
  passes(numbers<double>({2}, {1.5, -2}));
  passes(numbers<std::int8_t>({2}, {1, -2}));
  passes(numbers<std::uint8_t>({2}, {1, 255}));
  passes(numbers<std::int16_t>({2}, {1, -2}));
  passes(numbers<std::uint16_t>({2}, {1, 65535}));
  passes(numbers<std::int32_t>({2}, {1, -2}));
  passes(numbers<std::uint32_t>({2}, {1, 4000000000U}));
  passes(numbers<std::int64_t>({2}, {1, -2}));
  passes(numbers<std::uint64_t>({2}, {1, 2}));
  passes(numbers<bool>({3}, {true, false, true}));
  passes(Tensor{ElementType::float16, {1}, {std::byte{0}, std::byte{0x3c}}, {}});
  passes(Tensor{ElementType::bfloat16, {1}, {std::byte{0x80}, std::byte{0x3f}}, {}});
}

TEST_F(SessionTest, PassesStringsThrough) {
  const auto bytes = ModelBuilder()
                         .input("x", ElementType::string, {"n"})
                         .node("Identity", {"x"}, {"y"})
                         .output("y", ElementType::string, {"n"})
                         .bytes();
  const std::vector<std::string> texts = {"", "octet", std::string("a\0b", 3), "grüße"};
  const auto out =
      load(bytes).run(std::vector<NamedTensor>{{"x", Tensor{ElementType::string, {4}, {}, texts}}});
  EXPECT_EQ(out.at(0).tensor.strings, texts);
}

TEST_F(SessionTest, RunsOnATensorWithoutElements) {
  const auto out =
      load(matmul().bytes()).run(std::vector<NamedTensor>{{"x", numbers<float>({0, 3}, {})}});
  EXPECT_TRUE(holds(out.at(0).tensor.dims, {0, 2}));
  EXPECT_TRUE(out.at(0).tensor.bytes.empty());
}

TEST_F(SessionTest, RunsTheBranchesOfIf) {
  const auto branch = [](float constant) {
    return GraphBuilder()
        .name("branch")
        .constant("c", tensor<float>({}, {constant}))
        .node("Add", {"x", "c"}, {"z"})
        .output("z", ElementType::float32, {2});
  };
  const auto bytes = ModelBuilder()
                         .input("which", ElementType::boolean, {})
                         .input("x", ElementType::float32, {2})
                         .node("If", {"which"}, {"y"},
                               {attr("then_branch", branch(1)), attr("else_branch", branch(10))})
                         .output("y", ElementType::float32, {2})
                         .bytes();
  const Session session = load(bytes);
  const auto x = numbers<float>({2}, {1, 2});
  const auto yes =
      session.run(std::vector<NamedTensor>{{"x", x}, {"which", numbers<bool>({}, {true})}});
  const auto no =
      session.run(std::vector<NamedTensor>{{"which", numbers<bool>({}, {false})}, {"x", x}});
  EXPECT_TRUE(holds(yes.at(0).tensor.as<float>(), {2, 3}));
  EXPECT_TRUE(holds(no.at(0).tensor.as<float>(), {11, 12}));
}

TEST_F(SessionTest, RunsModelLocalFunctions) {
  const auto bytes = ModelBuilder()
                         .input("x", ElementType::float32, {3})
                         .node("Twice", {"x"}, {"y"}, {}, "twice", "mine")
                         .output("y", ElementType::float32, {3})
                         .opset(1, "mine")
                         .function(test::FunctionBuilder("mine", "Twice")
                                       .input("a")
                                       .output("b")
                                       .node("Add", {"a", "a"}, {"b"})
                                       .opset(13))
                         .bytes();
  const auto out = load(bytes).run(std::vector<NamedTensor>{{"x", numbers<float>({3}, {1, 2, 3})}});
  EXPECT_TRUE(holds(out.at(0).tensor.as<float>(), {2, 4, 6}));
}

TEST_F(SessionTest, ReadsTypedDataLikeRawData) {
  const auto bytes = ModelBuilder()
                         .initializer("a", test::typed(tensor<std::int64_t>({2}, {-7, 9})))
                         .initializer("b", tensor<std::int64_t>({2}, {1, 1}))
                         .node("Add", {"a", "b"}, {"y"})
                         .output("y", ElementType::int64, {2})
                         .bytes();
  EXPECT_TRUE(holds(load(bytes).run({}).at(0).tensor.as<std::int64_t>(), {-6, 10}));
}

TEST_F(SessionTest, AnInputWithADefaultNeedNotBeFed) {
  const auto bytes = matmul().input("W", ElementType::float32, {3, 2}).bytes();
  const Session session = load(bytes);
  EXPECT_EQ(session.inputs().size(), 1U);
}

TEST_F(SessionTest, RefusesAFeedThatDoesNotFitBeforeRunning) {
  const Session session = load(matmul().bytes(), {.label = "m.onnx"});
  const auto message = [&](const std::vector<NamedTensor>& feed) {
    return refusal(ErrorCode::invalid_data, [&] { (void)session.run(feed); });
  };
  const auto good = numbers<float>({1, 3}, {1, 2, 3});
  EXPECT_EQ(message({}), "m.onnx: input \"x\" (float32 [batch, 3]) is missing");
  EXPECT_TRUE(says(message({{"z", good}}), "there is no input \"z\"; the model has \"x\""));
  EXPECT_TRUE(says(message({{"x", good}, {"x", good}}), "given twice"));
  EXPECT_EQ(message({{"x", numbers<double>({1, 3}, {1, 2, 3})}}),
            "m.onnx: input \"x\" is float32 [batch, 3], but float64 [1, 3] was given");
  EXPECT_TRUE(says(message({{"x", numbers<float>({3}, {1, 2, 3})}}), "float32 [3] was given"));
  EXPECT_TRUE(says(message({{"x", numbers<float>({1, 4}, {1, 2, 3, 4})}}), "[1, 4]"));
  EXPECT_TRUE(says(message({{"x", numbers<float>({2, 3}, {1, 2, 3})}}), "do not fill"));
}

TEST_F(SessionTest, GivesOnnxRuntimesOwnWordsWhenAModelDoesNotLoad) {
  const auto words = refusal(ErrorCode::runtime_failed, [&] {
    (void)load(matmul().node("NoSuchOp", {"y"}, {"z"}).bytes(), {.label = "bad.onnx"});
  });
  EXPECT_TRUE(says(words, "bad.onnx: ONNX Runtime "));
  EXPECT_TRUE(says(words, "NoSuchOp"));
  const std::vector<std::byte> garbage(64, std::byte{0xff});
  (void)refusal(ErrorCode::runtime_failed, [&] { (void)load(garbage); });
  (void)refusal(ErrorCode::runtime_failed,
                [&] { (void)Session::from_file(library_, "/does/not/exist.onnx", {}); });
}

TEST_F(SessionTest, GivesOnnxRuntimesOwnWordsWhenAModelFailsOnlyWhenRun) {
  const auto bytes = ModelBuilder()
                         .input("x", ElementType::float32, {"n"})
                         .input("shape", ElementType::int64, {1})
                         .node("Reshape", {"x", "shape"}, {"y"})
                         .output("y", ElementType::float32, {"m"})
                         .bytes();
  const Session session = load(bytes, {.label = "reshape.onnx"});
  const std::vector<NamedTensor> feed = {{"x", numbers<float>({3}, {1, 2, 3})},
                                         {"shape", numbers<std::int64_t>({1}, {7})}};
  const auto words = refusal(ErrorCode::runtime_failed, [&] { (void)session.run(feed); });
  EXPECT_TRUE(says(words, "reshape.onnx: ONNX Runtime"));
  const auto bound = session.bind(feed);
  (void)refusal(ErrorCode::runtime_failed, [&] { bound.run(); });
}

TEST_F(SessionTest, WritesNothingToStderr) {
  ::testing::internal::CaptureStderr();
  const std::vector<std::byte> garbage(64, std::byte{0xff});
  (void)refusal(ErrorCode::runtime_failed, [&] { (void)load(garbage); });
  (void)load(matmul().bytes()).run(std::vector<NamedTensor>{{"x", numbers<float>({0, 3}, {})}});
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

TEST_F(SessionTest, ABoundRunSurvivesAMoveOfItsSession) {
  Session first = load(matmul().bytes());
  const std::vector<NamedTensor> feed = {{"x", numbers<float>({1, 3}, {1, 2, 3})}};
  const auto bound = first.bind(feed);
  const Session second = std::move(first);
  for (int i = 0; i < 3; ++i) bound.run();
}

TEST_F(SessionTest, LoadsAFile) {
  const auto path = std::filesystem::path(::testing::TempDir()) / "octet_session_test.onnx";
  const std::string text = matmul().text();
  std::ofstream(path, std::ios::binary) << text;
  const Session session = Session::from_file(library_, path, {});
  EXPECT_EQ(session.inputs().at(0).name, "x");
  std::filesystem::remove(path);
}

TEST_F(SessionTest, RunsTheRealModelsThatAreThere) {
  const auto folder = test::models_folder();
  if (folder.empty()) GTEST_SKIP() << "no real models: set OCTET_MODELS";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".onnx") continue;
    const Session session = Session::from_file(library_, entry.path(), {});
    EXPECT_FALSE(session.inputs().empty()) << entry.path();
    EXPECT_FALSE(session.outputs().empty()) << entry.path();
  }
}

}  // namespace
}  // namespace octet::runtime
