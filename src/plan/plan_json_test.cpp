#include <fmt/format.h>
#include <gtest/gtest.h>

#include "octet/plan.hpp"
#include "support/sample_models.hpp"

namespace octet {
namespace {

std::string error_of(const std::string& text) {
  return test::refusal(ErrorCode::invalid_argument, [&] { (void)plan_from_json(text, "p.json"); });
}

void expect_error(const std::string& text, const std::string& part) {
  const std::string message = error_of(text);
  EXPECT_EQ(message.rfind("p.json: ", 0), 0U) << message;
  EXPECT_NE(message.find(part), std::string::npos) << message;
}

std::string with_decision(const std::string& fields) {
  return R"({"version": 2, "target": "portable", "decisions": [)"
         R"({"node": "n", "form": "float", "ops": "none", "weights": []}, {)" +
         fields + "}]}";
}

TEST(PlanJson, ComesBackAsItWas) {
  const auto model = test::branches().bytes();
  const Plan plan = make_plan(test::source(model));
  ASSERT_GT(plan.decisions.size(), 4U);
  const std::string text = to_json(plan);
  EXPECT_EQ(to_json(plan_from_json(text)), text);
  EXPECT_EQ(text.back(), '\n');
}

TEST(PlanJson, HoldsAPlanWithoutDecisions) {
  const std::string text = to_json(Plan{});
  EXPECT_TRUE(plan_from_json(text).decisions.empty());
}

TEST(PlanJson, SurvivesNamesThatAreNotText) {
  Plan plan;
  plan.decisions.emplace_back();
  plan.decisions[0].node = "a\"b\n\xff\x01";
  EXPECT_EQ(plan_from_json(to_json(plan)).decisions.size(), 1U);
}

TEST(PlanJson, RefusesUnknownFieldsWithTheirPlace) {
  expect_error(R"({"version": 1, "decisions": [], "extra": 1})", "unknown field \"extra\"");
  expect_error(
      with_decision(R"("node": "n", "form": "float", "ops": "none", "weights": [], "sorage": 1)"),
      "decision 1: has an unknown field \"sorage\"");
}

TEST(PlanJson, RefusesOtherVersions) {
  expect_error(R"({"version": 3, "decisions": []})", "version 3; this octet reads versions 1 to 2");
  for (const char* version : {"true", "1.5", "4294967297", "\"2\"", "-1", "1e3"})
    (void)error_of("{\"version\": " + std::string(version) + ", \"decisions\": []}");
  expect_error(R"({"decisions": []})", "lacks \"version\"");
  for (const char* version : {"true", "1.5", "1.0", "4294967297", "-1", "\"1\"", "null"}) {
    expect_error(fmt::format(R"({{"version": {}, "decisions": []}})", version), "version");
  }
}

TEST(PlanJson, RefusesHostileDocuments) {
  expect_error("1e999999", "not JSON");
  expect_error(R"({"version": 1, "version": 1, "decisions": []})", "there twice");
  expect_error(
      with_decision(R"("node": "n", "weight": "W", "input": 1, "form": "float", "shape": )" +
                    std::string(50000, '[') + std::string(50000, ']')),
      "deep");
}

TEST(PlanJson, RefusesValuesThatAreNone) {
  expect_error(with_decision(R"("node": 5, "form": "float", "ops": "none", "weights": [])"),
               "decision 1: \"node\" is not a text");
  expect_error(with_decision(R"("form": "float", "ops": "none", "weights": [])"),
               "decision 1: lacks \"node\"");
  expect_error(with_decision(R"("node": "n", "form": "float", "ops": "none", "weights": [{}])"),
               "decision 1, weight 0: lacks \"input\"");
  expect_error(R"({"version": 1, "target": "toaster", "decisions": []})", "toaster");
}

TEST(PlanJson, RefusesWhatIsNotAPlan) {
  expect_error("", "not JSON");
  expect_error("[]", "is not an object");
  expect_error(R"({"version": 1, "decisions": 5})", "\"decisions\" is not a list");
  expect_error(R"({"version": 1, "decisions": [5]})", "decision 0: is not an object");
  expect_error("{\"version\": 1,", "line 1");
}

}  // namespace
}  // namespace octet
