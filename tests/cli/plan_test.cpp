// Plans saved, edited and carried out; selectors.
#include "cli/fixture.hpp"

namespace octet::test {
namespace {

class PlanFile : public ProgramTest {
 protected:
  void SetUp() override { put_digits(); }

  [[nodiscard]] Json saved() const {
    (void)must({"quantize", "digits.onnx", "--dry-run", "--save-plan", "plan.json"});
    return Json::parse(file("plan.json"));
  }
  // The decision's weight stored without a scale.
  static void store(Json& decision, const char* storage) {
    Json& weight = decision["weights"][0];
    weight["storage"] = storage;
    weight["granularity"] = weight["range"] = "none";
  }
  [[nodiscard]] Answer carry_out(const std::string& plan, const Words& more = {}) const {
    write_file(folder_ / "plan.json", plan);
    Words words = {"quantize", "digits.onnx", "-o", "out.onnx", "--plan", "plan.json"};
    words.insert(words.end(), more.begin(), more.end());
    return octet(words);
  }
  // The program's line about this plan, which it must not carry out.
  [[nodiscard]] std::string refusal_of(const std::string& plan) const {
    const std::string said = complaint(carry_out(plan));
    EXPECT_EQ(folder_.names(), (FileNames{"digits.onnx", "plan.json"}));
    return said;
  }
};

TEST_F(PlanFile, CarriedOutGivesTheModelItWasSavedWith) {
  (void)must({"quantize", "digits.onnx", "-o", "a.onnx", "--save-plan", "deep/plan.json"});
  (void)must({"quantize", "digits.onnx", "-o", "b.onnx", "--plan", "deep/plan.json"});
  EXPECT_EQ(file("a.onnx"), file("b.onnx"));
}

TEST_F(PlanFile, OfOtherOptionsNeedsNoneOfThemAgain) {
  (void)must({"quantize", "digits.onnx", "-o", "a.onnx", "--save-plan", "plan.json", "--per-tensor",
              "--ops", "standard", "--storage", "float16", "--weight-type", "uint8"});
  (void)must({"quantize", "digits.onnx", "-o", "b.onnx", "--plan", "plan.json"});
  EXPECT_EQ(file("a.onnx"), file("b.onnx"));
}

TEST_F(PlanFile, OfADryRunIsThatOfTheRealRun) {
  const Json dry = saved();
  (void)must({"quantize", "digits.onnx", "-o", "a.onnx", "--save-plan", "real.json"});
  EXPECT_EQ(file("plan.json"), file("real.json"));
  (void)must(
      {"quantize", "digits.onnx", "--dry-run", "--plan", "plan.json", "--save-plan", "again.json"});
  EXPECT_EQ(file("plan.json"), file("again.json"));
  EXPECT_EQ(dry["version"], 2);
}

TEST_F(PlanFile, HasOneDecisionALine) {
  const Json plan = saved();
  std::size_t lines = 0;
  std::istringstream text(file("plan.json"));
  for (std::string line; std::getline(text, line);) lines += line.find("\"node\":") != line.npos;
  EXPECT_EQ(lines, plan["decisions"].size());
}

TEST_F(PlanFile, ThatLeavesASiteUndecidedLeavesItAsItIs) {
  Json plan = saved();
  auto& decisions = plan["decisions"];
  for (std::size_t i = decisions.size(); i-- > 0;) {
    if (decisions[i]["node"] == "MatMul1") decisions.erase(i);
  }
  EXPECT_EQ(carry_out(plan.dump()).code, 0);
  const Json inside = document(octet({"inspect", "out.onnx", "--json"}));
  bool kept = false;
  for (const Json& weight : inside["weights"]) {
    kept = kept || (weight["name"] == "coefficient1" && weight["type"] == "float32");
  }
  EXPECT_TRUE(kept);
  EXPECT_FALSE(inside["operators"].contains("com.microsoft.DynamicQuantizeMatMul"));
}

TEST_F(PlanFile, EditedByHandIsAccountedForAsEdited) {
  Json plan = saved();
  decision_in(plan, "MatMul1") = [&] {
    Json decision = decision_in(plan, "MatMul1");
    decision["form"] = "float";
    decision["ops"] = "none";
    store(decision, "float32");
    return decision;
  }();
  Json report = document(carry_out(plan.dump(), {"--json"}));
  const Json& decision = decision_in(report["plan"], "MatMul1");
  EXPECT_EQ(decision["reason"], "plan");
  const Json& weight = decision["weights"][0];
  EXPECT_EQ(weight["bytes_after"], weight["bytes_before"]);
  EXPECT_GT(weight["bytes_after"], 0);
}

TEST_F(PlanFile, ComesAloneNotWithWishes) {
  (void)saved();
  EXPECT_TRUE(says(complaint(octet({"quantize", "digits.onnx", "-o", "out.onnx", "--plan",
                                    "plan.json", "--exclude", "MatMul1"})),
                   "--exclude"));
}

TEST_F(PlanFile, IsNeverSavedOverAModel) {
  const std::string model = file("digits.onnx");
  for (const char* path : {"digits.onnx", "./digits.onnx", "out.onnx"}) {
    const std::string said = complaint(
        octet({"quantize", "digits.onnx", "-o", "out.onnx", "--dry-run", "--save-plan", path}));
    EXPECT_TRUE(
        says(said, path == std::string("out.onnx") ? "which is written too" : "would overwrite"));
  }
  EXPECT_EQ(file("digits.onnx"), model);
}

TEST_F(PlanFile, EditedByHandIsCarriedOut) {
  Json plan = saved();
  decision_in(plan, "MatMul1")["form"] = "folded";
  decision_in(plan, "MatMul1")["ops"] = "standard";
  store(decision_in(plan, "MatMul1"), "float16");
  decision_in(plan, "MatMul")["form"] = "float";
  decision_in(plan, "MatMul")["ops"] = "none";
  store(decision_in(plan, "MatMul"), "float32");
  Json report = document(carry_out(plan.dump(), {"--json"}));
  EXPECT_EQ(decision_in(report["plan"], "MatMul1")["weights"][0]["storage"], "float16");
  const Json inside = document(octet({"inspect", "out.onnx", "--json"}));
  EXPECT_FALSE(inside["operators"].contains("com.microsoft.DynamicQuantizeMatMul"));
  EXPECT_EQ(inside["weights"][1]["bytes"], 64 * 512 * 4);  // the one that stayed float
}

TEST_F(PlanFile, ThatNamesAnUnknownNodeIsRefusedWithTheNearestName) {
  Json plan = saved();
  decision_in(plan, "MatMul1")["node"] = "MatMull1";
  EXPECT_TRUE(says(refusal_of(plan.dump()),
                   "node \"MatMull1\": the model has no such node; did you mean \"MatMul1\"?"));
}

TEST_F(PlanFile, OfAnotherModelIsRefused) {
  Json plan = saved();
  decision_in(plan, "MatMul1")["weights"][0]["name"] = "coefficient9";
  EXPECT_TRUE(says(refusal_of(plan.dump()), "the node reads another weight"));
}

TEST_F(PlanFile, OfAnotherVersionIsRefused) {
  Json plan = saved();
  plan["version"] = 3;
  EXPECT_TRUE(
      says(refusal_of(plan.dump()), "plan.json: has version 3; this octet reads versions 1 to 2"));
}

TEST_F(PlanFile, ThatIsNoPlanIsRefused) {
  const Json plan = saved();
  EXPECT_TRUE(says(refusal_of(plan.dump().substr(0, 500)), "plan.json: not JSON: "));
  EXPECT_TRUE(says(refusal_of(""), "plan.json: not JSON: "));
  EXPECT_TRUE(says(refusal_of("[]"), "plan.json: is not an object"));
  EXPECT_TRUE(says(refusal_of("{}"), "plan.json: lacks \"version\""));
  EXPECT_TRUE(says(refusal_of(R"({"version":1,"decisions":7})"), "\"decisions\" is not a list"));
  Json misspelt = plan;
  misspelt["decisions"][2]["fomr"] = "float";
  EXPECT_TRUE(
      says(refusal_of(misspelt.dump()), "plan.json: decision 2: has an unknown field \"fomr\""));
  Json formless = plan;
  formless["decisions"][2].erase("form");
  EXPECT_TRUE(says(refusal_of(formless.dump()), "plan.json: decision 2: lacks \"form\""));
  Json impossible = plan;
  decision_in(impossible, "Mu_Mul")["form"] = "dynamic_matmul";
  EXPECT_TRUE(says(refusal_of(impossible.dump()), "dynamic_matmul is not possible"));
}

TEST_F(PlanFile, OfVersion1IsStillRead) {
  (void)must({"quantize", "digits.onnx", "-o", "a.onnx", "--op-types", "MatMul"});
  const Answer answer = carry_out(R"({"version": 1, "target": "portable", "decisions": [)"
                                  R"({"node": "MatMul1", "weight": "coefficient1", "input": 1,)"
                                  R"( "form": "dynamic_matmul", "storage": "int8",)"
                                  R"( "granularity": "per_channel", "range": "pair",)"
                                  R"( "ops": "contrib"}]})");
  EXPECT_EQ(answer.code, 0) << answer.err;
  EXPECT_TRUE(document(octet({"inspect", "out.onnx", "--json"}))["operators"].contains(
      "com.microsoft.DynamicQuantizeMatMul"));
}

TEST_F(PlanFile, WithSeveralFaultsNamesThemAllAtOnce) {
  Json plan = saved();
  decision_in(plan, "MatMul1")["form"] = "magic";
  decision_in(plan, "MatMul")["node"] = "MatMull";
  const std::string said = refusal_of(plan.dump());
  EXPECT_TRUE(says(said, "2 complaints"));
  EXPECT_TRUE(says(said, "there is no form \"magic\""));
  EXPECT_TRUE(says(said, "\"MatMull\": the model has no such node"));
}

TEST_F(PlanFile, ThatCouldSaturateOnItsTargetIsRefused) {
  Json plan = saved();
  decision_in(plan, "MatMul1")["weights"][0]["range"] = "full";
  EXPECT_TRUE(says(refusal_of(plan.dump()), "can saturate on target portable"));
  plan["target"] = "avx512_vnni";
  EXPECT_EQ(carry_out(plan.dump()).code, 0);
}

TEST_F(PlanFile, ThatIsMissingIsNamed) {
  EXPECT_TRUE(says(complaint(octet({"quantize", "digits.onnx", "--plan", "gone.json"})),
                   "gone.json: cannot read the file"));
  EXPECT_EQ(folder_.names(), FileNames{"digits.onnx"});
}

using Selector = PlanFile;

TEST_F(Selector, ThatMatchesNothingSuggestsTheNearest) {
  const std::pair<Words, const char*> cases[] = {
      {{"--exclude", "MatMul12"}, "\"MatMul12\" matches no node; did you mean \"MatMul1\"?"},
      {{"--include", "op:MatMu"}, "--include \"op:MatMu\" matches no node; did you mean \"op:Mat"},
      {{"--exclude", "zzzzzzzz*"}, "matches no node; `octet inspect` lists the names"},
      {{"--exclude", "/[/"}, "--exclude /[/: not a regular expression"},
      {{"--op-types", "Matmul"}, "--op-types \"Matmul\" is no operator of this model"},
  };
  for (const auto& [words, expected] : cases) {
    Words all = {"quantize", "digits.onnx"};
    all.insert(all.end(), words.begin(), words.end());
    EXPECT_TRUE(says(complaint(octet(all)), expected));
    all[0] = "inspect";
    EXPECT_TRUE(says(complaint(octet(all)), expected));
  }
  EXPECT_EQ(folder_.names(), FileNames{"digits.onnx"});
}

TEST_F(Selector, ChoosesByNameGlobExpressionAndOperator) {
  const std::pair<Words, FileNames> cases[] = {
      {{"--include", "MatMul1"}, {"MatMul1"}},
      {{"--include", "MatMul?"}, {"MatMul1", "MatMul2"}},
      {{"--include", "/^MatMul[12]$/"}, {"MatMul1", "MatMul2"}},
      {{"--include", "op:MatMul", "--exclude", "MatMul2"}, {"MatMul", "MatMul1"}},
      {{"--exclude", "MatMul", "--exclude", "MatMul2"}, {"MatMul1"}},
      {{"--op-types", "MatMul"}, {"MatMul", "MatMul1", "MatMul2"}},
  };
  for (const auto& [words, expected] : cases) {
    Words all = {"quantize", "digits.onnx", "--dry-run", "--json"};
    all.insert(all.end(), words.begin(), words.end());
    FileNames quantized;
    const Json report = document(octet(all));
    for (const Json& decision : report["plan"]["decisions"]) {
      if (decision["form"] != "float") quantized.insert(decision["node"]);
    }
    EXPECT_EQ(quantized, expected) << words[1];
  }
}

}  // namespace
}  // namespace octet::test
