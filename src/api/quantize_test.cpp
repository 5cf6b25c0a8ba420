// Files in, files out: what appears, what is refused, what is left alone.
#include "octet/quantize.hpp"

#include <gtest/gtest.h>

#include "graph/graph.hpp"
#include "support/endless_model.hpp"
#include "support/sample_models.hpp"
#include "support/temporary_folder.hpp"

namespace octet {
namespace {

namespace fs = std::filesystem;
using base::ElementType;
using test::ModelBuilder;
using test::ModelBytes;
using test::weight;
using Names = std::set<std::string>;

class QuantizeFile : public ::testing::Test {
 protected:
  void SetUp() override { test::write_file(in_, test::mlp().bytes()); }

  [[nodiscard]] QuantizeReport quantize_to(const fs::path& output, bool external = false) const {
    QuantizeOptions options = test::without_proof();
    options.external_data = external;
    return quantize(in_, output, options);
  }
  void expect_overwriting_refused(const fs::path& output) const {
    const std::string before = test::read_file(in_);
    const std::string message =
        test::refusal(ErrorCode::invalid_argument, [&] { (void)quantize_to(output); });
    EXPECT_NE(message.find("would overwrite"), std::string::npos) << message;
    EXPECT_EQ(test::read_file(in_), before);
  }

  test::TemporaryFolder folder_;
  fs::path in_ = folder_ / "in.onnx";
  fs::path out_ = folder_ / "out.onnx";
};

TEST_F(QuantizeFile, WritesWhatQuantizingInMemoryGives) {
  const QuantizeReport report = quantize_to(out_);
  EXPECT_TRUE(report.written);
  EXPECT_EQ(test::read_bytes(out_), test::quantized(test::mlp().bytes()));
  EXPECT_EQ(report.bytes_before, fs::file_size(in_));
  EXPECT_EQ(report.bytes_after, fs::file_size(out_));
  EXPECT_EQ(folder_.names(), (Names{"in.onnx", "out.onnx"}));
}

TEST_F(QuantizeFile, NeverTouchesTheInput) {
  const std::string bytes = test::read_file(in_);
  const auto time = fs::last_write_time(in_);
  (void)quantize_to(out_);
  EXPECT_EQ(test::read_file(in_), bytes);
  EXPECT_EQ(fs::last_write_time(in_), time);
}

TEST_F(QuantizeFile, ReadsAnInputThatCannotBeWritten) {
  fs::permissions(in_, fs::perms::owner_read);
  EXPECT_TRUE(quantize_to(out_).written);
}

TEST_F(QuantizeFile, RefusesToOverwriteTheInputByAnyName) {
  fs::create_directory(folder_ / "sub");
  fs::create_symlink(in_, folder_ / "symbolic.onnx");
  fs::create_hard_link(in_, folder_ / "hard.onnx");
  fs::create_directory_symlink(folder_.path(), folder_ / "door");
  expect_overwriting_refused(in_);
  expect_overwriting_refused(folder_.path() / "." / "in.onnx");
  expect_overwriting_refused(folder_.path() / "sub" / ".." / "in.onnx");
  expect_overwriting_refused(folder_ / "symbolic.onnx");
  expect_overwriting_refused(folder_ / "hard.onnx");
  expect_overwriting_refused(folder_.path() / "door" / "in.onnx");
}

TEST_F(QuantizeFile, RefusesToOverwriteADataFileOfTheInput) {
  const test::TensorSpec w = weight({128, 128});
  test::write_file(folder_ / "w.bin", w.raw);
  const auto external = test::external_tensor(ElementType::float32, {128, 128}, "w.bin", 0, 65536);
  test::write_file(in_, ModelBuilder()
                            .input("x", ElementType::float32, {"n", 128})
                            .initializer("W", external)
                            .node("MatMul", {"x", "W"}, {"y"})
                            .output("y", ElementType::float32)
                            .bytes());
  expect_overwriting_refused(folder_ / "w.bin");
  EXPECT_EQ(test::read_file(folder_ / "w.bin"), w.raw);
}

TEST_F(QuantizeFile, ReplacesAnExistingOutput) {
  test::write_file(out_, "something old");
  (void)quantize_to(out_);
  EXPECT_EQ(test::read_bytes(out_), test::quantized(test::mlp().bytes()));
}

TEST_F(QuantizeFile, MakesTheOutputsFolder) {
  const fs::path deep = folder_.path() / "a" / "b" / "out.onnx";
  (void)quantize_to(deep);
  EXPECT_TRUE(fs::exists(deep));
}

TEST_F(QuantizeFile, WritesWeightsBesideTheModelWhenAsked) {
  const QuantizeReport report = quantize_to(out_, true);
  const fs::path data = report.data_file;
  EXPECT_EQ(folder_.names(), (Names{"in.onnx", "out.onnx", data.filename().string()}));
  EXPECT_EQ(report.bytes_after, fs::file_size(out_) + fs::file_size(data));
  // Read back and taken in again, it is the model with everything inside.
  const graph::Graph graph = graph::Graph::import(out_);
  EXPECT_EQ(graph.total_bytes(), report.bytes_after);
}

TEST_F(QuantizeFile, SavesItsPlanBeforeTheProof) {
  QuantizeOptions options = test::without_proof();
  options.save_plan = folder_ / "plan.json";
  bool saved = false;
  options.progress = [&](const Progress& progress) {
    if (progress.stage == "quantize") saved = fs::exists(folder_ / "plan.json");
    return progress.stage == "read" || progress.stage == "quantize";
  };
  (void)test::refusal(ErrorCode::cancelled, [&] { (void)quantize(in_, out_, options); });
  EXPECT_TRUE(saved);
  EXPECT_EQ(folder_.names(), (Names{"in.onnx", "plan.json"}));
  EXPECT_EQ(to_json(plan_from_json(test::read_file(folder_ / "plan.json"), "plan.json")),
            to_json(make_plan(in_)));
}

TEST_F(QuantizeFile, CanBeStoppedUntilTheRename) {
  QuantizeOptions options = test::without_proof();
  options.external_data = true;
  bool written = false;
  options.progress = [&](const Progress& progress) {
    written = written || progress.stage == "write";
    return progress.stage != "write" || progress.done != progress.total;
  };
  (void)test::refusal(ErrorCode::cancelled, [&] { (void)quantize(in_, out_, options); });
  EXPECT_TRUE(written);
  EXPECT_EQ(folder_.names(), Names{"in.onnx"});
}

TEST_F(QuantizeFile, LeavesNothingBehindWhenItIsStopped) {
  QuantizeOptions options = test::without_proof();
  options.progress = [](const Progress&) { return false; };
  (void)test::refusal(ErrorCode::cancelled, [&] { (void)quantize(in_, out_, options); });
  EXPECT_EQ(folder_.names(), Names{"in.onnx"});
}

TEST_F(QuantizeFile, PublishesNothingWhenItIsStoppedInTheMiddleOfARun) {
  if (test::ort() == nullptr) GTEST_SKIP() << "no ONNX Runtime library: set OCTET_ORT";
  test::write_file(in_, test::endless_model().bytes());
  for (const bool gate : {false, true}) {
    QuantizeOptions options;
    options.runtime.library = test::ort_library();
    options.allow_unchanged = true;
    options.speed_seconds = 0;
    options.gate = gate;
    int running = 0;  // times asked; the run does not end, so the last is within it
    options.progress = [&](const Progress& at) {
      return std::string_view(at.stage) != (gate ? "compare" : "prove") || ++running < 5;
    };
    (void)test::refusal(ErrorCode::cancelled, [&] { (void)quantize(in_, out_, options); });
    EXPECT_EQ(running, 5);
    EXPECT_EQ(folder_.names(), Names{"in.onnx"});
  }
}

// No INT8 plan holds this: the caller's own is not mended.
// A convolution of a sequence that nobody knows the length of must pay on a short one as well.
TEST(QuantizeBytes, PlansForTheSizesThatTheDataHave) {
  const auto model = test::ModelBuilder()
                         .opset(17)
                         .input("x", base::ElementType::float32, {"n", 64, "length"})
                         .initializer("w", test::weight({64, 64, 3}))
                         .node("Conv", {"x", "w"}, {"y"}, {}, "conv")
                         .output("y", base::ElementType::float32)
                         .bytes();
  QuantizeOptions options = test::without_proof();
  options.planning.target = "avx512_vnni";
  const auto form = [&] {
    return quantize_bytes(test::source(model), options).report.plan.decisions.at(0).form;
  };
  EXPECT_EQ(form(), "folded");
  Array rows{"x", "float32", {1, 64, 4000}, {}, {}};
  rows.bytes.resize(64 * 4000 * sizeof(float));
  options.data.arrays = {rows};
  EXPECT_EQ(form(), "conv_gemm");
  options.data.arrays.clear();
  options.data.dims["x:2"] = 4000;
  EXPECT_EQ(form(), "conv_gemm");
}

TEST_F(QuantizeFile, WritesNothingWhenTheGateFailsAndLeavesThePlanBeside) {
  if (test::ort() == nullptr) GTEST_SKIP() << "no ONNX Runtime library: set OCTET_ORT";
  QuantizeOptions options;
  options.runtime.library = test::ort_library();
  options.speed_seconds = 0;
  options.plan = make_plan(in_);
  options.tolerances.abs_tol = 0;
  const QuantizeReport refused = quantize(in_, out_, options);
  EXPECT_EQ(refused.gate.status, Gate::Status::failed);
  EXPECT_FALSE(refused.written);
  EXPECT_NE(refused.detail.find("not written: "), std::string::npos) << refused.detail;
  EXPECT_NE(refused.detail.find("out.onnx.plan.json"), std::string::npos) << refused.detail;
  EXPECT_EQ(folder_.names(), (Names{"in.onnx", "out.onnx.plan.json"}));
  const std::string saved = test::read_file(folder_ / "out.onnx.plan.json");
  EXPECT_EQ(to_json(plan_from_json(saved)), to_json(refused.plan));

  options.keep_best = true;
  const QuantizeReport kept = quantize(in_, out_, options);
  EXPECT_EQ(kept.gate.status, Gate::Status::failed);
  EXPECT_TRUE(kept.written);
}

TEST_F(QuantizeFile, IsFloatAgainWhereNothingLessHolds) {
  if (test::ort() == nullptr) GTEST_SKIP() << "no ONNX Runtime library: set OCTET_ORT";
  QuantizeOptions options;
  options.runtime.library = test::ort_library();
  options.speed_seconds = 0;
  options.tolerances.abs_tol = 0;
  const QuantizeReport report = quantize(in_, out_, options);
  EXPECT_TRUE(report.unchanged);
  EXPECT_FALSE(report.written);
  EXPECT_NE(report.detail.find("nothing was left to quantize"), std::string::npos) << report.detail;
}

TEST_F(QuantizeFile, KeepsTheOldOutputWhenItIsStopped) {
  test::write_file(out_, "old");
  QuantizeOptions options = test::without_proof();
  options.external_data = true;
  options.progress = [](const Progress&) { return false; };
  (void)test::refusal(ErrorCode::cancelled, [&] { (void)quantize(in_, out_, options); });
  EXPECT_EQ(test::read_file(out_), "old");
  EXPECT_EQ(folder_.names(), (Names{"in.onnx", "out.onnx"}));
}

TEST_F(QuantizeFile, DryRunWritesNothingAndKnowsTheSize) {
  for (const bool external : {false, true}) {
    QuantizeOptions options = test::without_proof();
    options.external_data = external;
    options.dry_run = true;
    const QuantizeReport dry = quantize(in_, out_, options);
    EXPECT_FALSE(dry.written);
    EXPECT_FALSE(fs::exists(out_));
    const QuantizeReport real = quantize_to(out_, external);
    EXPECT_EQ(dry.bytes_after, real.bytes_after);
    EXPECT_EQ(to_json(dry.plan), to_json(real.plan));
    EXPECT_EQ(real.data_file.empty(), !external);
    fs::remove(out_);
    fs::remove(real.data_file);
  }
}

TEST_F(QuantizeFile, ReportsAMissingOrBrokenInput) {
  (void)test::refusal(ErrorCode::io, [&] {
    (void)quantize(folder_ / "nothing.onnx", out_, test::without_proof());
  });
  test::write_file(in_, "not a model at all");
  const std::string message =
      test::refusal(ErrorCode::invalid_model, [&] { (void)quantize_to(out_); });
  EXPECT_EQ(message.rfind(in_.string() + ": ", 0), 0U) << message;
  EXPECT_EQ(folder_.names(), Names{"in.onnx"});
}

}  // namespace
}  // namespace octet
