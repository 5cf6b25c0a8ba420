// octet inspect and octet version, for people.
#include "cli/fixture.hpp"
#include "support/sample_models.hpp"

namespace octet::test {
namespace {

class InspectCommand : public ProgramTest {};

TEST_F(InspectCommand, ShowsPortsWeightsAndWhatQuantizeWouldDo) {
  put_digits("artifacts/model.onnx");
  const std::string out = must({"inspect"}).out;
  for (const char* part :
       {"artifacts/model.onnx: 670.7 kB, IR 8, opset ai.onnx 15, ai.onnx.ml 1, from skl2onnx",
        "3 MatMul", "[batch, 64]", "probabilities   float32   [batch, 10]", "weights by size",
        "coefficient1      float32   [512, 256]   524.3 kB   initializer",
        "What quantize would do:", "dynamic_matmul int8", "fast: "}) {
    EXPECT_TRUE(says(out, part));
  }
  EXPECT_EQ(folder_.names(), FileNames{"artifacts"});
}

TEST_F(InspectCommand, NeedsNoRuntime) {
  put_digits();
  Launch without = launch();
  without.variables["OCTET_ORT"] = (folder_ / "gone.so").string();
  EXPECT_EQ(run(without, {"inspect", "digits.onnx"}).code, 0);
}

TEST_F(InspectCommand, ShowsTheLargestAndAllWhenAsked) {
  ModelBuilder model;
  model.input("x", base::ElementType::float32, {"n", 64});
  std::string last = "x";
  for (int i = 0; i < 30; ++i) {
    const std::string name = "layer" + std::to_string(i);
    model.initializer("w_" + name, weight({64, 64}, 1));
    model.node("MatMul", {last, "w_" + name}, {name}, {}, name);
    last = name;
  }
  write_file(folder_ / "long.onnx", model.output(last, base::ElementType::float32).bytes());
  Launch terminal = launch();
  terminal.terminal = Terminal::out;
  EXPECT_TRUE(says(run(terminal, {"inspect", "long.onnx"}).out, "… and 10 smaller; --all shows"));
  const std::string all = must({"inspect", "long.onnx"}).out;  // a pipe gets everything
  EXPECT_EQ(must({"inspect", "long.onnx", "--all"}).out, all);
  for (int i = 0; i < 30; ++i) EXPECT_TRUE(says(all, "w_layer" + std::to_string(i) + " "));
  EXPECT_EQ(all.find("--all shows them"), std::string::npos);
}

TEST_F(InspectCommand, SaysWhichFileIsMissing) {
  EXPECT_TRUE(says(complaint(octet({"inspect", "gone.onnx"})),
                   "gone.onnx: there is no such file; export one"));
}

TEST_F(InspectCommand, RefusesWhatQuantizeRefuses) {
  put_digits();
  EXPECT_TRUE(says(complaint(octet({"inspect", "digits.onnx", "--target", "z80"})),
                   "--target \"z80\" is not one of"));
}

class VersionCommand : public ProgramTest {};

TEST_F(VersionCommand, SaysWhatRunsHere) {
  const std::string out = must({"version"}).out;
  for (const char* part :
       {"octet ", "\nCPU ", "\nTarget ", "\nu8 x s8 ", "\nOwn kernels ", "\nONNX Runtime "}) {
    EXPECT_TRUE(says(out, part));
  }
}

}  // namespace
}  // namespace octet::test
