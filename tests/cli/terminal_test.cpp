// What may reach a terminal, and what a file gets instead.
#include "cli/fixture.hpp"
#include "support/sample_models.hpp"

namespace octet::test {
namespace {

using base::ElementType;

const std::string evil = "\x1b[2J\r\n\a\x7f";  // clears the screen, starts a line, rings

bool has_control(const std::string& text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; });
}

// Every name there is, evil.
ModelBuilder evil_model(const std::string& extra_op = "") {
  ModelBuilder model;
  model.opset(1, "do" + evil)
      .input("x" + evil, ElementType::float32, {Dim("n" + evil), Dim(256)})
      .initializer("W" + evil, weight({256, 256}))
      .initializer("tiny" + evil, weight({256}))
      .node("MatMul", {"x" + evil, "W" + evil}, {"h" + evil}, {}, "node" + evil)
      .node("Add", {"h" + evil, "tiny" + evil}, {"y" + evil}, {}, "add" + evil)
      .output("y" + evil, ElementType::float32, {Dim("n" + evil), Dim(256)});
  if (!extra_op.empty()) {
    model.node(extra_op, {"y" + evil}, {"z" + evil}, {}, "last" + evil, "do" + evil);
  }
  return model;
}

class ModelsNames : public ProgramTest {
 protected:
  void expect_clean(const Words& words, int code) const {
    const Answer answer = octet(words);
    EXPECT_EQ(answer.code, code) << answer.err;
    EXPECT_FALSE(has_control(answer.out)) << words[0] << ": " << answer.out;
    EXPECT_FALSE(has_control(answer.err)) << words[0] << ": " << answer.err;
    if (code == 2) {
      EXPECT_EQ(lines_of(answer.err), 1) << answer.err;
    }
  }
};
class ModelsNamesInARun : public ModelsNames {
 protected:
  void SetUp() override {
    if (ort_library().empty()) GTEST_SKIP() << "no ONNX Runtime library: set OCTET_ORT";
    write_file(folder_ / "evil.onnx", evil_model().bytes());
  }
};

TEST_F(ModelsNames, NeverReachATerminalRaw) {
  write_file(folder_ / "evil.onnx", evil_model().bytes());
  expect_clean({"inspect", "evil.onnx", "--all"}, 0);
  EXPECT_TRUE(says(must({"inspect", "evil.onnx"}).out, "node\\x1b[2J\\x0d\\x0a\\x07\\x7f"));
  expect_clean({"quantize", "evil.onnx", "--no-proof"}, 0);
  expect_clean({"quantize", "evil.onnx", "--dry-run", "--json"}, 0);
  expect_clean({"quantize", "evil.onnx", "--exclude", "*", "-o", "out.onnx"}, 1);
  expect_clean({"quantize", "evil.onnx", "--exclude", "nod"}, 2);
  expect_clean({"quantize", "evil.onnx", "--exclude", "nod" + evil}, 2);
  expect_clean({"quantize", "gone" + evil}, 2);
}

TEST_F(ModelsNames, OfOperatorsAndDomainsNeverReachATerminalRaw) {
  write_file(folder_ / "evil.onnx", evil_model("Op" + evil).bytes());
  expect_clean({"inspect", "evil.onnx"}, 0);
  expect_clean({"quantize", "evil.onnx", "--no-proof"}, 0);
  expect_clean({"quantize", "evil.onnx", "--exclude", "op:Opp"}, 2);
}

TEST_F(ModelsNames, AndWordsThatWereTypedNeverReachATerminalRaw) {
  expect_clean({"quan" + evil}, 2);
  expect_clean({"quantize", "--opt" + evil}, 2);
  expect_clean({"quantize", "a.onnx", "b" + evil, "c.onnx"}, 2);
  expect_clean({"predict", "a.onnx", "--format", evil}, 2);
}

TEST_F(ModelsNames, OfPlansNeverReachATerminalRaw) {
  put_digits();
  (void)must({"quantize", "digits.onnx", "--dry-run", "--save-plan", "plan.json"});
  const Json good = Json::parse(file("plan.json"));
  for (const char* field : {"node", "form", "ops", "name", "storage", "range"}) {
    Json plan = good;
    Json& decision = plan["decisions"][2];
    (decision.contains(field) ? decision : decision["weights"][0])[field] = evil;
    write_file(folder_ / "plan.json", plan.dump());
    expect_clean({"quantize", "digits.onnx", "--plan", "plan.json"}, 2);
  }
  Json plan = good;
  plan["decisions"][2][evil] = 1;
  write_file(folder_ / "plan.json", plan.dump());
  expect_clean({"quantize", "digits.onnx", "--plan", "plan.json"}, 2);
}

TEST_F(ModelsNamesInARun, NeverReachATerminalRaw) {
  expect_clean({"quantize", "evil.onnx"}, 0);
  expect_clean({"parity", "evil.onnx", "evil.int8.onnx"}, 0);
  expect_clean({"parity", "evil.onnx", "evil.int8.onnx", "--abs-tol", "0"}, 1);
  expect_clean({"bench", "evil.onnx", "evil.int8.onnx", "--seconds", "0", "--min-runs", "2",
                "--warmup", "0"},
               0);
  expect_clean({"predict", "evil.onnx", "--output-name", "y"}, 2);
  write_file(folder_ / "odd.onnx", evil_model("Op" + evil).bytes());
  expect_clean({"quantize", "odd.onnx"}, 2);
  expect_clean({"predict", "odd.onnx"}, 2);
}

// A size that must be guessed is told with its name.
TEST_F(ModelsNamesInARun, OfDimensionsNeverReachATerminalRaw) {
  ModelBuilder model;
  model.input("x", ElementType::float32, {Dim("rows"), Dim("wide" + evil)})
      .initializer("W", weight({64, 128}))
      .node("MatMul", {"x", "W"}, {"y"}, {}, "product")
      .output("y", ElementType::float32);
  write_file(folder_ / "in.onnx", model.bytes());
  expect_clean({"quantize", "in.onnx"}, 0);
  expect_clean({"parity", "in.onnx", "in.int8.onnx", "--abs-tol", "1"}, 0);
  expect_clean(
      {"bench", "in.onnx", "in.int8.onnx", "--seconds", "0", "--min-runs", "2", "--warmup", "0"},
      0);
}

class Colours : public ProgramTest {
 protected:
  [[nodiscard]] std::string inspected(const std::map<std::string, std::string>& variables) const {
    Launch how = launch();
    how.terminal = Terminal::out;
    how.variables.insert(variables.begin(), variables.end());
    return run(how, {"inspect", "digits.onnx"}).out;
  }
};

TEST_F(Colours, AreForTerminalsAlone) {
  put_digits();
  EXPECT_NE(inspected({}).find("\x1b["), std::string::npos);
  EXPECT_EQ(must({"inspect", "digits.onnx"}).out.find('\x1b'), std::string::npos);
}

TEST_F(Colours, AreLeftOutWhereTheyAreNotWanted) {
  put_digits();
  EXPECT_EQ(inspected({{"NO_COLOR", "1"}}).find('\x1b'), std::string::npos);
  EXPECT_EQ(inspected({{"TERM", "dumb"}}).find('\x1b'), std::string::npos);
}

// Measuring takes longer than the second after which progress is drawn.
class ProgressOfABench : public ProgramRunTest {
 protected:
  [[nodiscard]] Answer bench(const Launch& how) const {
    return run(how, {"bench", digits("digits.onnx"), digits("digits.onnx"), "--seconds", "1.3",
                     "--warmup", "0"});
  }
};

TEST_F(ProgressOfABench, IsDrawnOnATerminalAndWipedAtTheEnd) {
  Launch how = launch();
  how.terminal = Terminal::err;
  const Answer answer = bench(how);
  EXPECT_EQ(answer.code, 0) << answer.err;
  EXPECT_TRUE(says(answer.err, "\r\x1b[Kmeasure"));
  const std::size_t last = answer.err.rfind("\r\x1b[K");
  ASSERT_NE(last, std::string::npos);
  const std::string after = answer.err.substr(last + 4);
  EXPECT_TRUE(after.empty() || after.rfind("warning: ", 0) == 0) << after;
  EXPECT_FALSE(has_control(answer.out)) << answer.out;
}

TEST_F(ProgressOfABench, NeverAppearsElsewhere) {
  const Answer answer = bench(launch());
  EXPECT_EQ(answer.code, 0) << answer.err;
  EXPECT_FALSE(has_control(answer.err)) << answer.err;
  EXPECT_EQ(answer.err.find("measure…"), std::string::npos) << answer.err;
}

class StandardOutput : public ProgramTest {};

TEST_F(StandardOutput, ThatCannotTakeTheAnswerIsAFailure) {
  if (!fs::is_character_file("/dev/full")) GTEST_SKIP() << "no /dev/full";
  put_digits();
  Launch how = launch();
  how.out = "/dev/full";
  for (const Words& words :
       {Words{"inspect", "digits.onnx"}, Words{"version", "--json"}, Words{"quantize", "--help"},
        Words{"--version"}, Words{"quantize", "digits.onnx", "--dry-run"}}) {
    EXPECT_TRUE(says(complaint(run(how, words)), "standard output: "));
  }
}

}  // namespace
}  // namespace octet::test
