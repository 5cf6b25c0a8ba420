// What passes the gate, what is mended until it does, and what nobody can say.
#include "tune/gate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plan/planner.hpp"
#include "support/sample_models.hpp"

namespace octet::tuning {
namespace {

using base::ElementType;
using test::ModelBuilder;
using test::ModelBytes;
using test::weight;
using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;
using Status = octet::Gate::Status;

constexpr std::int64_t width = 128;

// A weight whose first row is a thousand times larger than the rest.
test::TensorSpec with_outliers(unsigned seed) {
  std::vector<float> values = test::normal_floats(test::count_of({width, width}), seed, 0.05F);
  for (std::int64_t i = 0; i < width; ++i) values[static_cast<std::size_t>(i)] *= 1000;
  return test::tensor<float>({width, width}, values);
}

// Its first column is zero, so that the outliers behind it never act.
test::TensorSpec with_a_dead_column(unsigned seed) {
  std::vector<float> values = test::normal_floats(test::count_of({width, width}), seed, 0.05F);
  for (std::int64_t i = 0; i < width; ++i) values[static_cast<std::size_t>(i * width)] = 0;
  return test::tensor<float>({width, width}, values);
}

// Six layers of which "planted" cannot be had in INT8: its scales are those of weights that are
// multiplied by nothing.
ModelBytes with_a_planted_layer() {
  return ModelBuilder()
      .input("x", ElementType::float32, {"batch", width})
      .initializer("W1", weight({width, width}, 1))
      .initializer("W2", weight({width, width}, 2))
      .initializer("W3", with_a_dead_column(3))
      .initializer("W4", with_outliers(4))
      .initializer("W5", weight({width, width}, 5))
      .initializer("W6", weight({width, width}, 6))
      .node("MatMul", {"x", "W1"}, {"a"}, {}, "one")
      .node("MatMul", {"a", "W2"}, {"b"}, {}, "two")
      .node("MatMul", {"b", "W3"}, {"c"}, {}, "three")
      .node("MatMul", {"c", "W4"}, {"d"}, {}, "planted")
      .node("MatMul", {"d", "W5"}, {"e"}, {}, "five")
      .node("MatMul", {"e", "W6"}, {"y"}, {}, "six")
      .output("y", ElementType::float32, {"batch", width})
      .bytes();
}

ModelBytes noisy() {
  return ModelBuilder()
      .input("x", ElementType::float32, {"batch", width})
      .initializer("W", weight({width, width}, 1))
      .node("RandomNormalLike", {"x"}, {"noise"})
      .node("Add", {"x", "noise"}, {"h"})
      .node("MatMul", {"h", "W"}, {"y"}, {}, "one")
      .output("y", ElementType::float32, {"batch", width})
      .bytes();
}

class Gates : public test::OrtTest {
 protected:
  Gates() {
    options_.runtime.library = test::ort_library();
    options_.planning.costs = test::int8_always_pays();
    options_.speed_seconds = 0;  // what pays on paper alone would be taken back
  }
  Passage passage(const ModelBytes& model) {
    const graph::Graph graph = graph::Graph::import(test::source(model));
    const forms::Survey survey(graph);
    return pass(test::source(model), survey, plan::make(survey, options_.planning), options_);
  }
  QuantizeOptions options_;
};

std::vector<std::string> storages_of(const Plan& plan) {
  std::vector<std::string> out;
  for (const Decision& decision : plan.decisions) {
    for (const WeightChoice& weight : decision.weights) out.push_back(weight.storage);
  }
  return out;
}

TEST_F(Gates, LetAModelPassWhoseAnswersHold) {
  const Passage passed = passage(test::mlp().bytes());
  EXPECT_EQ(passed.gate.status, Status::passed);
  EXPECT_THAT(passed.gate.repaired, IsEmpty());
  EXPECT_EQ(passed.gate.tried, 1U);
  ASSERT_TRUE(passed.gate.parity);
  EXPECT_TRUE(passed.gate.parity->made_up);
  EXPECT_GT(passed.gate.parity->max_abs_diff, 0);
}

TEST_F(Gates, FindThePlantedLayerAndGiveBackOnlyThat) {
  const Passage mended = passage(with_a_planted_layer());
  EXPECT_EQ(mended.gate.status, Status::passed) << to_json(mended.plan);
  EXPECT_THAT(mended.gate.repaired, ElementsAre("planted"));
  EXPECT_THAT(mended.gate.detail, HasSubstr("\"planted\""));
  const Decision& planted = test::decision_of(mended.plan, "planted");
  EXPECT_EQ(planted.reason, "repaired");
  EXPECT_EQ(planted.weights.at(0).storage, "float16");
  EXPECT_EQ(test::decision_of(mended.plan, "five").form, "dynamic_matmul");
}

TEST_F(Gates, MendTheSameWayEveryTime) {
  const Passage first = passage(with_a_planted_layer());
  const Passage second = passage(with_a_planted_layer());
  EXPECT_EQ(to_json(first.plan), to_json(second.plan));
  EXPECT_EQ(first.gate.tried, second.gate.tried);
}

TEST_F(Gates, JudgeAGivenPlanAsItIs) {
  options_.plan.emplace();  // what is carried out is the caller's
  const Passage failed = passage(with_a_planted_layer());
  EXPECT_EQ(failed.gate.status, Status::failed);
  EXPECT_THAT(failed.gate.repaired, IsEmpty());
  EXPECT_EQ(test::decision_of(failed.plan, "planted").form, "dynamic_matmul");
}

TEST_F(Gates, EndInFloatsWhereNothingLessHolds) {
  options_.tolerances.abs_tol = 0;
  const Passage passed = passage(test::mlp().bytes());
  EXPECT_EQ(passed.gate.status, Status::passed);
  EXPECT_THAT(passed.gate.repaired, UnorderedElementsAre("first", "second"));
  EXPECT_THAT(storages_of(passed.plan), Each("float32"));
}

TEST_F(Gates, SayNothingOfAModelThatDrawsNoise) {
  const Passage passed = passage(noisy());
  EXPECT_EQ(passed.gate.status, Status::unknown);
  EXPECT_THAT(passed.gate.detail, HasSubstr("draws noise"));
}

TEST_F(Gates, SayNothingWithoutARun) {
  options_.gate = false;
  EXPECT_EQ(passage(test::mlp().bytes()).gate.detail, "not asked for");
  options_.gate = true;
  options_.prove = false;
  EXPECT_EQ(passage(test::mlp().bytes()).gate.status, Status::unknown);
}

}  // namespace
}  // namespace octet::tuning
