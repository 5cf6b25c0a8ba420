// What is taken back when a plan is slower, on a clock that a test can set.
#include "tune/pace.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/sample_models.hpp"

namespace octet::tuning {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Decision product(const std::string& node, std::int64_t size) {
  Decision out;
  out.node = node;
  out.op = "MatMul";
  out.form = "dynamic_matmul";
  out.ops = "contrib";
  WeightChoice weight;
  weight.shape = {size, size};
  weight.storage = "int8";
  weight.range = "pair";
  weight.granularity = "per_channel";
  out.weights.push_back(weight);
  return out;
}

Plan of(std::vector<Decision> decisions) {
  Plan out;
  out.decisions = std::move(decisions);
  return out;
}

Speed measured(double ratio, const char* verdict) {
  return {1, ratio, ratio - 0.01, ratio + 0.01, verdict};
}

// Each product of these sizes costs a tenth of the float model's time more than in floats.
Stopwatch slow_at(std::vector<std::int64_t> sizes) {
  return {[sizes](const Plan& plan, double) {
            double ratio = 1;
            for (const Decision& decision : plan.decisions) {
              const bool slow = std::ranges::count(sizes, decision.weights.at(0).shape.at(0)) > 0;
              if (decision.form == "dynamic_matmul") ratio += slow ? 0.1 : -0.05;
            }
            return std::vector{measured(ratio, ratio > 1.02 ? "slower" : "faster")};
          },
          [](double) { return std::vector{measured(1, "no difference")}; }};
}

TEST(Pace, LeavesAPlanThatIsNotSlower) {
  const Plan plan = of({product("a", 64), product("b", 128)});
  const Paced paced = pace(slow_at({}), plan, 1);
  EXPECT_EQ(to_json(paced.plan), to_json(plan));
  EXPECT_THAT(paced.taken_back, IsEmpty());
  EXPECT_EQ(paced.speed.at(0).verdict, "faster");
}

TEST(Pace, TakesBackTheKindOfProductThatIsSlowAndNoOther) {
  const Paced paced =
      pace(slow_at({64}), of({product("a", 64), product("b", 128), product("c", 64)}), 1);
  EXPECT_THAT(paced.taken_back, ElementsAre("a", "c"));
  EXPECT_EQ(paced.plan.decisions.at(0).form, "folded");
  EXPECT_EQ(paced.plan.decisions.at(0).reason, "slower");
  EXPECT_EQ(paced.plan.decisions.at(0).weights.at(0).storage, "int8");
  EXPECT_EQ(paced.plan.decisions.at(1).form, "dynamic_matmul");
  EXPECT_EQ(paced.speed.at(0).verdict, "faster");
}

TEST(Pace, LeavesNothingChangedWhereEvenSmallWeightsCostTime) {
  const Stopwatch always{[](const Plan&, double) { return std::vector{measured(1.5, "slower")}; },
                         [](double) { return std::vector{measured(1, "no difference")}; }};
  const Paced paced = pace(always, of({product("a", 64)}), 1);
  EXPECT_EQ(paced.plan.decisions.at(0).weights.at(0).storage, "float32");
  EXPECT_THAT(paced.speed, IsEmpty());
}

TEST(Pace, BelievesNoMachineThatFindsTheFloatModelSlowerThanItself) {
  Stopwatch noisy = slow_at({64});
  noisy.time_float = [](double) { return std::vector{measured(1.3, "slower")}; };
  const Plan plan = of({product("a", 64)});
  const Paced paced = pace(noisy, plan, 1);
  EXPECT_EQ(to_json(paced.plan), to_json(plan));
  EXPECT_EQ(paced.speed.at(0).verdict, "cannot tell");
}

TEST(Pace, AsksTwiceBeforeItBelieves) {
  int asked = 0;
  Stopwatch once = slow_at({});
  once.time = [&](const Plan&, double) {
    return std::vector{asked++ == 0 ? measured(1.5, "slower") : measured(1, "no difference")};
  };
  const Plan plan = of({product("a", 64)});
  EXPECT_THAT(pace(once, plan, 1).taken_back, IsEmpty());
  EXPECT_EQ(asked, 2);
}

}  // namespace
}  // namespace octet::tuning
