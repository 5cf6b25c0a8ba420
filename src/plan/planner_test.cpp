// Which decisions are made, by which selectors, and how they are applied.
#include "plan/planner.hpp"

#include <gtest/gtest.h>

#include "octet/fields/options.hpp"
#include "support/sample_models.hpp"

namespace octet::plan {
namespace {

using base::ElementType;
using test::ModelBuilder;
using test::ModelBytes;
using test::weight;

ModelBytes layers() {
  ModelBuilder model;
  model.input("x", ElementType::float32, {"n", 256});
  std::string previous = "x";
  for (const std::string name : {"encoder/0", "encoder/1", "head"}) {
    model.initializer("W " + name, weight({256, 256}));
    model.node("MatMul", {previous, "W " + name}, {"y " + name}, {}, name);
    previous = "y " + name;
  }
  return model.node("Relu", {previous}, {"y"}, {}, "last")
      .output("y", ElementType::float32)
      .bytes();
}

// The names of the nodes that are quantized.
test::Names chosen(const PlanOptions& options) {
  const ModelBytes model = layers();
  test::Names out;
  for (const Decision& decision : make_plan(test::source(model), options).decisions) {
    if (decision.form != "float") out.push_back(decision.node);
  }
  return out;
}

std::string error_of(const PlanOptions& options) {
  const ModelBytes model = layers();
  return test::refusal(ErrorCode::invalid_argument,
                       [&] { (void)make_plan(test::source(model), options); });
}

PlanOptions excluding(const std::string& selector) {
  PlanOptions options;
  options.exclude = {selector};
  return options;
}

TEST(Selectors, ChooseWhatIsOnlyStoredAndHow) {
  PlanOptions options;
  options.weight_only = {"encoder/*"};
  options.float16 = {"head"};
  const ModelBytes model = layers();
  const Plan plan = make_plan(test::source(model), options);
  ASSERT_EQ(plan.decisions.size(), 3U);
  for (const Decision& decision : plan.decisions) {
    EXPECT_EQ(decision.form, "folded") << decision.node;
    EXPECT_EQ(decision.reason, "chosen") << decision.node;
    EXPECT_EQ(decision.weights.at(0).storage, decision.node == "head" ? "float16" : "int8");
  }
  options.float16 = {"nobody"};
  EXPECT_NE(error_of(options).find("--float16"), std::string::npos);
}

TEST(Selectors, AreNamesGlobsRegexesAndTypes) {
  EXPECT_EQ(chosen({}), (test::Names{"encoder/0", "encoder/1", "head"}));
  EXPECT_EQ(chosen(excluding("head")), (test::Names{"encoder/0", "encoder/1"}));
  EXPECT_EQ(chosen(excluding("encoder/*")), (test::Names{"head"}));
  EXPECT_EQ(chosen(excluding("*/[0]")), (test::Names{"encoder/1", "head"}));
  EXPECT_EQ(chosen(excluding("/[01]$/")), (test::Names{"head"}));
  EXPECT_EQ(chosen(excluding("op:MatMul")), test::Names{});
}

TEST(Selectors, AreBoundedWhereARegexWouldOverflowTheStack) {
  EXPECT_NE(error_of(excluding("/" + std::string(50000, '(') + "/")).find("50002 characters"),
            std::string::npos);
  const ModelBytes model = ModelBuilder()
                               .input("x", ElementType::float32, {"n", 64})
                               .initializer("W", weight({64, 64}))
                               .node("MatMul", {"x", "W"}, {"y"}, {}, std::string(200000, 'n'))
                               .output("y", ElementType::float32)
                               .bytes();
  const std::string message = test::refusal(ErrorCode::invalid_argument, [&] {
    (void)make_plan(test::source(model), excluding("/(n|m)*z/"));
  });
  EXPECT_NE(message.find("has 200000 characters"), std::string::npos) << message;
}

TEST(Selectors, IncludeNarrowsAndExcludeWins) {
  PlanOptions options;
  options.include = {"encoder/*"};
  EXPECT_EQ(chosen(options), (test::Names{"encoder/0", "encoder/1"}));
  options.exclude = {"encoder/0"};
  EXPECT_EQ(chosen(options), (test::Names{"encoder/1"}));
}

TEST(Selectors, MatchNodesWithoutANameByTheirLabel) {
  const ModelBytes model = test::branches().bytes();
  const Plan plan = make_plan(test::source(model), excluding("If#1/else_branch/*"));
  EXPECT_EQ(test::decision_of(plan, "If#1/else_branch/MatMul#1").reason, "excluded");
  EXPECT_EQ(test::decision_of(plan, "If#1/then_branch/MatMul#1").form, "dynamic_matmul");
}

TEST(Selectors, ThatMatchNothingNameTheNearest) {
  const std::string message = error_of(excluding("encoder/2"));
  EXPECT_NE(message.find("--exclude \"encoder/2\" matches no node; did you mean \"encoder/"),
            std::string::npos)
      << message;
  EXPECT_NE(error_of(excluding("op:MatMull")).find("did you mean \"op:MatMul\"?"),
            std::string::npos);
  PlanOptions options;
  options.op_types = {"Matmul"};
  EXPECT_NE(error_of(options).find("did you mean \"MatMul\"?"), std::string::npos);
}

TEST(Selectors, RefuseAMalformedRegex) {
  EXPECT_NE(error_of(excluding("/[/")).find("not a regular expression"), std::string::npos);
}

TEST(Options, ThatDoNotExistAreRefusedWithTheChoice) {
  PlanOptions options;
  options.target = "toaster";
  EXPECT_NE(error_of(options).find("avx512_vnni"), std::string::npos);
  options = {};
  options.storage = "int4";
  EXPECT_NE(error_of(options).find("--storage \"int4\""), std::string::npos);
}

TEST(Options, OpTypesChooseNodes) {
  PlanOptions options;
  options.op_types = {"Relu"};
  EXPECT_EQ(chosen(options), test::Names{});
}

TEST(Planner, SaysWhyAWeightThatIsComputedStaysFloat) {
  const ModelBytes model = ModelBuilder()
                               .input("x", ElementType::float32, {"n", 256})
                               .input("w", ElementType::float32, {256, 256})
                               .node("MatMul", {"x", "w"}, {"y"}, {}, "m")
                               .output("y", ElementType::float32)
                               .bytes();
  const Plan plan = make_plan(test::source(model));
  EXPECT_EQ(test::decision_of(plan, "m").reason, "not_constant");
}

TEST(Planner, IsDeterministic) {
  const ModelBytes model = test::branches().bytes();
  const std::string first = to_json(make_plan(test::source(model)));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(to_json(make_plan(test::source(model))), first);
}

std::vector<std::string> words_of(std::string_view values) {
  std::vector<std::string> out = {""};
  for (const char c : values) {
    if (c == ',') {
      out.emplace_back();
    } else {
      out.back() += c;
    }
  }
  return out;
}

// The words that help and docs/cli.md list are those that the planner takes.
TEST(PlanOptions, TakeTheWordsTheirFieldsListAndRefuseOthersWithThem) {
  const ModelBytes model = layers();
  const graph::Graph graph = graph::Graph::import(test::source(model));
  const forms::Survey survey(graph);
  octet::PlanOptions options;
  int listed = 0;
  visit_fields(options, [&](const Field& field, auto& value) {
    if constexpr (std::is_same_v<std::remove_reference_t<decltype(value)>, std::string>) {
      if (field.values == nullptr) return;
      ++listed;
      const std::string standard = value;
      for (const std::string& word : words_of(field.values)) {
        value = word;
        EXPECT_NO_THROW((void)make(survey, options)) << field.name << " " << word;
      }
      value = "nothing";
      const std::string said =
          test::refusal(ErrorCode::invalid_argument, [&] { (void)make(survey, options); });
      for (const std::string& word : words_of(field.values))
        EXPECT_NE(said.find(word), std::string::npos) << said << " lacks " << word;
      value = standard;
    }
  });
  EXPECT_EQ(listed, 4);
}

}  // namespace
}  // namespace octet::plan
