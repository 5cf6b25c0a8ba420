// The permissions of what is written, and links in its place.
#include <sys/stat.h>

#include "cli/fixture.hpp"

namespace octet::test {
namespace {

class Permissions : public ProgramTest {
 protected:
  void SetUp() override {
    put_digits("m.onnx");
    before_ = ::umask(0022);
  }
  void TearDown() override { ::umask(before_); }
  void set(const std::string& name, unsigned mode) const {
    fs::permissions(folder_ / name, static_cast<fs::perms>(mode));
  }
  [[nodiscard]] unsigned mode_of(const std::string& name) const {
    return static_cast<unsigned>(fs::status(folder_ / name).permissions());
  }
  [[nodiscard]] std::string data_file() const {
    for (const std::string& name : folder_.names()) {
      if (name.ends_with(".data")) return name;
    }
    return "";
  }
  mode_t before_ = 0;
};

TEST_F(Permissions, AreNeverWiderThanTheInputs) {
  set("m.onnx", 0600);
  (void)must({"quantize", "m.onnx", "-o", "o.onnx", "--no-proof", "--external-data", "--save-plan",
              "p.json"});
  for (const std::string& name : {std::string("o.onnx"), data_file(), std::string("p.json")})
    EXPECT_EQ(mode_of(name), 0600U) << name;
  set("m.onnx", 0444);
  (void)must({"quantize", "m.onnx", "-o", "second.onnx", "--no-proof"});
  EXPECT_EQ(mode_of("second.onnx"), 0644U);
}

TEST_F(Permissions, AreTheOldOnesOfAFileThatIsReplaced) {
  for (const unsigned mode : {0640U, 0664U, 0600U}) {
    for (const char* name : {"o.onnx", "p.json"}) {
      write_file(folder_ / name, std::string("old"));
      set(name, mode);
    }
    (void)must({"quantize", "m.onnx", "-o", "o.onnx", "--no-proof", "--save-plan", "p.json"});
    EXPECT_EQ(mode_of("o.onnx"), mode);
    EXPECT_EQ(mode_of("p.json"), mode);
  }
}

TEST_F(Permissions, AreTheUmasksElse) {
  (void)must({"quantize", "m.onnx", "-o", "o.onnx", "--no-proof", "--save-plan", "p.json"});
  EXPECT_EQ(mode_of("o.onnx"), 0644U);
  EXPECT_EQ(mode_of("p.json"), 0644U);
}

TEST_F(Permissions, ALinkIsFollowedByEveryOutput) {
  fs::create_directories(folder_ / "real");
  write_file(folder_ / "real/o.onnx", std::string("old"));
  fs::create_symlink("real/o.onnx", folder_ / "o.onnx");
  fs::create_symlink("real/p.json", folder_ / "p.json");  // to nothing yet
  (void)must({"quantize", "m.onnx", "-o", "o.onnx", "--no-proof", "--save-plan", "p.json"});
  EXPECT_TRUE(fs::is_symlink(folder_ / "o.onnx"));
  EXPECT_TRUE(fs::is_symlink(folder_ / "p.json"));
  EXPECT_GT(fs::file_size(folder_ / "real/o.onnx"), 1000U);
  EXPECT_EQ(file("real/p.json").substr(0, 1), "{");
  EXPECT_EQ(folder_.names(), (FileNames{"m.onnx", "o.onnx", "p.json", "real"}));
}

}  // namespace
}  // namespace octet::test
