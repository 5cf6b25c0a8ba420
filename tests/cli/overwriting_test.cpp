// Nothing that is read is written over, by whatever name; nothing is written twice.
#include <sys/stat.h>

#include "cli/fixture.hpp"
#include "support/sample_models.hpp"

namespace octet::test {
namespace {

// A model with its weights in w.bin, data in d.npy, a plan in p.json.
class Overwriting : public ProgramTest {
 protected:
  void SetUp() override {
    write_file(folder_ / "in.onnx", mlp().bytes());
    (void)must({"quantize", "in.onnx", "-o", "m.onnx", "--no-proof", "--external-data",
                "--allow-unchanged", "--exclude", "first", "--save-plan", "p.json"});
    for (const std::string& name : folder_.names()) {
      if (name.ends_with(".data")) weights_ = name;
    }
    write_file(folder_ / "d.npy", read_file(digits("test_rows.npy")));
  }
  void expect_refused(const Words& words, const std::string& fact = "would overwrite") const {
    const FileNames names = folder_.names();
    std::map<std::string, std::string> before;
    for (const std::string& name : names) {  // a pipe would be waited for
      if (fs::is_regular_file(folder_ / name)) before[name] = file(name);
    }
    EXPECT_TRUE(says(complaint(octet(words)), fact)) << ::testing::PrintToString(words);
    for (const auto& [name, bytes] : before) EXPECT_TRUE(file(name) == bytes) << name;
    EXPECT_EQ(folder_.names(), names);
  }
  std::string weights_;
};

TEST_F(Overwriting, TheWeightsOfAModelIsRefusedByEveryCommand) {
  expect_refused({"predict", "m.onnx", "-o", weights_});
  expect_refused({"parity", "m.onnx", "m.onnx", "--report", weights_});
  expect_refused({"parity", "in.onnx", "m.onnx", "--report", weights_});
  expect_refused({"quantize", "m.onnx", "-o", weights_});
  expect_refused({"quantize", "m.onnx", "-o", "o.onnx", "--save-plan", weights_});
}

TEST_F(Overwriting, DataAndPlansIsRefused) {
  expect_refused({"quantize", "m.onnx", "--data", "d.npy", "-o", "d.npy"});
  expect_refused({"quantize", "m.onnx", "--data", "d.npy", "-o", "o.onnx", "--save-plan", "d.npy"});
  expect_refused({"quantize", "in.onnx", "--plan", "p.json", "-o", "p.json"});
  expect_refused({"quantize", "in.onnx", "--plan", "p.json", "--save-plan", "p.json"});
  expect_refused({"predict", "m.onnx", "--data", "d.npy", "-o", "./d.npy"});
  expect_refused({"parity", "d.npy", "m.onnx", "--data", "d.npy", "--report", "d.npy"});
}

TEST_F(Overwriting, OneOutputWithAnotherIsRefused) {
  expect_refused({"quantize", "in.onnx", "-o", "o.onnx", "--save-plan", "./o.onnx"},
                 "which is written too");
  expect_refused({"quantize", "in.onnx", "-o", "new/o.onnx", "--save-plan", "new/./o.onnx"},
                 "which is written too");
}

TEST_F(Overwriting, IsSeenThroughLinks) {
  fs::create_hard_link(folder_ / weights_, folder_ / "hard");
  fs::create_symlink("m.onnx", folder_ / "soft");
  fs::create_symlink("nowhere.json", folder_ / "dangling");
  expect_refused({"predict", "m.onnx", "-o", "hard"});
  expect_refused({"quantize", "m.onnx", "-o", "o.onnx", "--save-plan", "soft"});
  expect_refused({"quantize", "in.onnx", "-o", "dangling", "--save-plan", "nowhere.json"},
                 "which is written too");
}

TEST_F(Overwriting, AFileOfADataSetIsRefused) {
  write_file(folder_ / "set/test_data_set_0/input_0.pb", std::string("x"));
  const std::string before = file("set/test_data_set_0/input_0.pb");
  EXPECT_TRUE(says(complaint(octet({"predict", "m.onnx", "--data", "set", "-o",
                                    "set/test_data_set_0/input_0.pb"})),
                   "would overwrite"));
  EXPECT_EQ(file("set/test_data_set_0/input_0.pb"), before);
}

class Unwritable : public Overwriting {};

// Before the long work: the model is not even read as far as its weights.
TEST_F(Unwritable, PathsAreRefusedBeforeTheWork) {
  write_file(folder_ / "file", std::string("x"));
  fs::create_directories(folder_ / "folder");
  for (const char* path : {"file/out", "file/deep/out", "folder"}) {
    if (path != std::string("folder"))  // a folder takes the result under its usual name
      expect_refused({"quantize", "in.onnx", "-o", path}, std::string(path) + ": cannot");
    expect_refused({"quantize", "in.onnx", "-o", "o.onnx", "--save-plan", path}, "cannot");
    expect_refused({"predict", "m.onnx", "-o", path}, "cannot");
    expect_refused({"parity", "in.onnx", "m.onnx", "--report", path}, "cannot");
  }
}

class Pipe : public Overwriting {};

TEST_F(Pipe, WhereAModelOrDataAreExpectedIsRefusedAtOnce) {
  ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  fs::create_symlink("pipe", folder_ / "pipe.npy");
  const std::string fact = "is not a regular file: it is a pipe or a device";
  expect_refused({"inspect", "pipe"}, fact);
  expect_refused({"quantize", "pipe", "-o", "o.onnx"}, fact);
  if (!ort_library().empty()) {
    expect_refused({"predict", "pipe"}, "pipe");
    expect_refused({"quantize", "in.onnx", "-o", "o.onnx", "--data", "pipe.npy"}, fact);
  }
  fs::remove(folder_ / weights_);
  ASSERT_EQ(::mkfifo((folder_ / weights_).c_str(), 0600), 0);
  EXPECT_TRUE(says(complaint(octet({"inspect", "m.onnx"})), fact));
}

}  // namespace
}  // namespace octet::test
