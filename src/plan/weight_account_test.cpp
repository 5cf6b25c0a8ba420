// Every byte of weight is accounted for.
#include <gtest/gtest.h>

#include "graph/graph.hpp"
#include "octet/error.hpp"
#include "octet/inspect.hpp"
#include "support/sample_models.hpp"

namespace octet::plan {
namespace {

using base::ElementType;
using test::ModelBuilder;
using test::weight;

ModelBuilder model() {
  return std::move(ModelBuilder()
                       .input("x", ElementType::float32, {"n", 256})
                       .initializer("W", weight({256, 256}))
                       .initializer("few", weight({256, 8}, 2))
                       .initializer("b", weight({256}, 3))
                       .initializer("idle", weight({64, 64}, 4))
                       .initializer("small", weight({16}, 5))
                       .node("MatMul", {"x", "W"}, {"m"}, {}, "big")
                       .node("Add", {"m", "b"}, {"a"}, {}, "add")
                       .node("MatMul", {"a", "few"}, {"y"}, {}, "narrow")
                       .output("y", ElementType::float32, {"n", 8}));
}

QuantizeReport report_of(const test::ModelBytes& bytes, QuantizeOptions options = {}) {
  options.prove = false;
  options.planning.costs = test::int8_always_pays();
  return quantize_bytes(test::source(bytes), options).report;
}

const WeightAccount& named(const QuantizeReport& report, const std::string& name) {
  for (const WeightAccount& weight : report.weights) {
    if (weight.name == name) return weight;
  }
  throw std::runtime_error("no account of " + name);
}

TEST(WeightAccounts, ComeToAllTheBytes) {
  for (const auto& bytes : {model().bytes(), test::branches().bytes(), test::embedding().bytes()}) {
    const QuantizeReport report = report_of(bytes);
    std::uint64_t sum = report.small_weight_bytes;
    for (const WeightAccount& weight : report.weights) sum += weight.bytes;
    EXPECT_EQ(sum, report.weight_bytes_before);
    std::uint64_t floats = 0;
    const graph::Graph graph = graph::Graph::import(test::source(bytes));
    for (const graph::Constant& c : graph.constants())
      floats += base::is_floating(c.tensor.type) ? c.tensor.size_bytes() : 0;
    EXPECT_EQ(sum, floats);
  }
}

TEST(WeightAccounts, SayWhatBecomesOfEachAndWhy) {
  const QuantizeReport report = report_of(model().bytes());
  EXPECT_EQ(named(report, "W").form, "dynamic_matmul");
  EXPECT_EQ(named(report, "W").storage, "int8");
  EXPECT_EQ(named(report, "W").bytes_after, 256U * 256U + 4U * 256U);
  EXPECT_EQ(named(report, "idle").reason, "unread");
  EXPECT_EQ(report.weights.front().name, "W");
  EXPECT_EQ(report.small_weight_bytes, 64U);
  EXPECT_GT(report.int8_share, 0.85);
  EXPECT_LT(report.int8_share, 0.95);
}

TEST(WeightAccounts, SayWhoseAWeightIs) {
  const QuantizeReport report = report_of(test::branches().bytes());
  int inside = 0;
  for (const WeightAccount& weight : report.weights) inside += weight.scope.empty() ? 0 : 1;
  EXPECT_EQ(inside, 2);  // a weight of its own in each branch
}

TEST(WeightAccounts, AreInInspectionsToo) {
  const test::ModelBytes bytes = model().bytes();
  const Inspection inside = inspect(test::source(bytes));
  EXPECT_EQ(inside.weights.front().name, "W");
  EXPECT_EQ(inside.weights.front().form, "dynamic_matmul");
  EXPECT_EQ(inside.weights.front().storage, "int8");
}

TEST(WeightAccounts, AnswerNoWhenTheyAreTooLittleInt8) {
  const test::ModelBytes bytes = model().bytes();
  QuantizeOptions options;
  options.require_share = 0.5;
  EXPECT_TRUE(report_of(bytes, options).written);
  options.require_share = 0.999;
  const QuantizeReport report = report_of(bytes, options);
  EXPECT_FALSE(report.written);
  EXPECT_NE(report.shortfall.find("--require-share asks for 99.9 %"), std::string::npos);
  options.require_share = 2;
  EXPECT_NE(test::refusal(ErrorCode::invalid_argument, [&] { (void)report_of(bytes, options); })
                .find("--require-share"),
            std::string::npos);
}

TEST(WeightAccounts, AnswerNoWhenSomethingIsLeftAndNothingMayBe) {
  QuantizeOptions options;
  options.strict = true;
  const test::ModelBytes bytes = model().bytes();
  EXPECT_TRUE(report_of(bytes, options).written);
  options.planning.exclude = {"big"};
  const QuantizeReport report = report_of(bytes, options);
  EXPECT_FALSE(report.written);
  EXPECT_NE(report.shortfall.find("\"W\" (262144 bytes) is stored as float32 (excluded)"),
            std::string::npos)
      << report.shortfall;
}

}  // namespace
}  // namespace octet::plan
