// The search on answers and times that a test can set: what it finds, and that a killed one that is
// resumed finds the same.
#include "tune/search.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "octet/error.hpp"
#include "support/temporary_folder.hpp"
#include "tune/part_errors.hpp"

namespace octet::tuning {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;

constexpr std::size_t layers = 8;
constexpr std::uint64_t layer_bytes = 4000;

Decision layer(std::size_t i, const char* form, const char* storage) {
  Decision out;
  out.node = "layer" + std::to_string(i);
  out.op = "MatMul";
  out.form = form;
  WeightChoice weight;
  weight.input = 1;
  weight.shape = {static_cast<std::int64_t>(i), 100};
  weight.storage = storage;
  weight.bytes_before = layer_bytes;
  weight.bytes_after = std::string(storage) == "int8" ? layer_bytes / 4 : layer_bytes;
  out.weights.push_back(weight);
  return out;
}

Parts eight_layers() {
  Parts out;
  for (std::size_t i = 0; i < layers; ++i) {
    Part part;
    part.at = {i};
    part.kind = "MatMul " + std::to_string(i);
    part.choices.push_back({{layer(i, "float", "float32")}, 0, layer_bytes, 10, 0});
    part.choices.push_back({{layer(i, "dynamic_matmul", "int8")}, 0, layer_bytes / 4, 5, 0});
    part.choices.push_back({{layer(i, "folded", "int8")}, 2, layer_bytes / 4, 10, 0});
    out.base.decisions.push_back(part.choices[1].decisions[0]);
    out.base_choices.push_back(1);
    out.parts.push_back(std::move(part));
  }
  return out;
}

// Layer 3 cannot be had in INT8, and layer 5 is slower so.
double error_of_layer(const Decision& decision) {
  if (decision.weights[0].storage != "int8") return 0;
  const double worst = decision.node == "layer3" ? 100 : 1;
  return 1e-4 * worst * (decision.form == "folded" ? 0.2 : 1);
}

Judged answers(const Plan& plan) {
  Judged out{true, true, 0, 0, 0, ""};
  for (const Decision& decision : plan.decisions) {
    out.error += error_of_layer(decision);
    out.bytes += decision.bytes_after();
  }
  out.passed = out.error < 1e-3;
  return out;
}

Timed clocked(const Plan& plan) {
  double ratio = 1;
  for (const Decision& decision : plan.decisions) {
    if (decision.form == "dynamic_matmul") ratio += decision.node == "layer5" ? 0.1 : -0.05;
  }
  return {ratio, ratio - 0.01, ratio + 0.01,
          ratio > 1.02   ? "slower"
          : ratio < 0.98 ? "faster"
                         : "no difference"};
}

struct Winner {
  std::string plan;
  Found found;
};

Winner tuned(const Measures& measures, Journal& journal, const Wanted& wanted) {
  Parts parts = eight_layers();
  Evaluations evaluations(measures, journal);
  const auto always = [] { return true; };
  measure_errors(parts, evaluations, always);
  Winner out;
  out.found = search(parts, evaluations, wanted, layers * layer_bytes, always, [](const Point&) {});
  if (out.found.best)
    out.plan = key_of(plan_of(parts, out.found.points[*out.found.best].selection));
  return out;
}

Found tuned(const Wanted& wanted) {
  Journal nowhere({}, "", false);
  return tuned({answers, clocked}, nowhere, wanted).found;
}

TEST(Search, ForLatencyLeavesOutWhatIsWrongAndWhatIsSlow) {
  const Found found = tuned({Objective::latency, 0});
  ASSERT_TRUE(found.best);
  EXPECT_TRUE(found.complete);
  const Point& best = found.points[*found.best];
  EXPECT_NEAR(best.timed->ratio, 0.7, 1e-9);
  EXPECT_EQ(best.selection[3], 0U);
  EXPECT_NE(best.selection[5], 1U);
}

TEST(Search, ForSizeStoresEverythingThatHolds) {
  const Found found = tuned({Objective::size, 0});
  ASSERT_TRUE(found.best);
  const Point& best = found.points[*found.best];
  EXPECT_TRUE(best.judged.passed);
  EXPECT_EQ(best.judged.bytes, (layers - 1) * layer_bytes / 4 + layer_bytes);
}

TEST(Search, ForErrorKeepsToTheSizeWithTheLeastError) {
  const Found found = tuned({Objective::error, layers * layer_bytes - 2 * layer_bytes});
  ASSERT_TRUE(found.best);
  const Point& best = found.points[*found.best];
  EXPECT_LE(best.judged.bytes, layers * layer_bytes - 2 * layer_bytes);
  EXPECT_NEAR(best.judged.error, 3 * 0.2e-4, 1e-9);
}

TEST(Search, SaysThatNoPlanIsSmallEnough) {
  EXPECT_FALSE(tuned({Objective::latency, 10}).best);
}

TEST(Search, NeverTakesAPlanThatIsSlowerThanTheFloatModel) {
  Journal nowhere({}, "", false);
  const auto slow = [](const Plan&) { return Timed{1.2, 1.1, 1.3, "slower"}; };
  const Found found = tuned({answers, slow}, nowhere, {Objective::size, 0}).found;
  ASSERT_TRUE(found.best);
  EXPECT_EQ(*found.best, 0U);  // the float model
}

TEST(Search, ParetoHoldsWhatNothingBeats) {
  const Found found = tuned({Objective::latency, 0});
  const std::vector<std::size_t> shown = pareto(found.points);
  EXPECT_THAT(shown, Contains(0U));  // no error
  EXPECT_THAT(shown, Contains(*found.best));
  for (const std::size_t i : shown) EXPECT_TRUE(found.points[i].judged.passed);
}

// Killed at every point there is, and resumed: nothing is run twice, and the winner is the same.
TEST(Search, KilledAndResumedFindsTheSame) {
  const test::TemporaryFolder folder;
  const Wanted wanted{Objective::latency, 0};
  Journal whole(folder / "whole", "run", false);
  int runs = 0;
  const auto counted = [&](const Plan& plan) { return ++runs, answers(plan); };
  const std::string winner = tuned({counted, clocked}, whole, wanted).plan;
  const int all = runs;
  ASSERT_GT(all, 10);
  for (int killed_at = 1; killed_at <= all; ++killed_at) {
    const auto path = folder / ("killed" + std::to_string(killed_at));
    runs = 0;
    const auto killed = [&](const Plan& plan) {
      if (++runs == killed_at) throw Error(ErrorCode::io, "gone");
      return answers(plan);
    };
    {
      Journal journal(path, "run", false);
      EXPECT_THROW((void)tuned({killed, clocked}, journal, wanted), Error);
    }
    runs = 0;
    Journal journal(path, "run", true);
    EXPECT_EQ(tuned({counted, clocked}, journal, wanted).plan, winner);
    EXPECT_EQ(runs, all - killed_at + 1);
  }
}

TEST(Search, LeavesAPlanThatEndedTheProcessTwice) {
  const test::TemporaryFolder folder;
  const std::string base = key_of(eight_layers().base);
  Journal nowhere({}, "", false);
  {
    Journal journal(folder / "j", "run", false);
    journal.begin(base);
    journal.begin(base);
  }
  Journal journal(folder / "j", "run", true);
  Evaluations evaluations({answers, clocked}, journal);
  EXPECT_FALSE(evaluations.judge(eight_layers().base).runs);
  EXPECT_EQ(evaluations.crashed(), 1U);
  EXPECT_EQ(evaluations.made(), 0U);
}

TEST(Journal, OnceIsNoCrash) {
  const test::TemporaryFolder folder;
  Journal(folder / "j", "run", false).begin("key");
  EXPECT_EQ(Journal(folder / "j", "run", true).crashes("key"), 1);
  Journal again(folder / "j", "run", true);
  again.stopped("key");
  EXPECT_EQ(Journal(folder / "j", "run", true).crashes("key"), 0);
}

TEST(Journal, OfAnotherRunIsRefused) {
  const test::TemporaryFolder folder;
  Journal(folder / "j", "run", false).begin("key");
  EXPECT_THROW(Journal(folder / "j", "other", true), Error);
  EXPECT_NO_THROW(Journal(folder / "j", "other", false));
}

TEST(Journal, KeepsInfinities) {
  const test::TemporaryFolder folder;
  const double infinity = std::numeric_limits<double>::infinity();
  Journal(folder / "j", "run", false)
      .add("key", Judged{false, false, infinity, infinity, 7, "why"});
  const auto read = Journal(folder / "j", "run", true).judged("key");
  ASSERT_TRUE(read);
  EXPECT_TRUE(std::isinf(read->error));
  EXPECT_EQ(read->bytes, 7U);
}

TEST(Journal, TellsPlansApartByWhatTheyDo) {
  Plan plan = eight_layers().base;
  const std::string key = key_of(plan);
  plan.decisions[0].reason = "other";
  EXPECT_EQ(key_of(plan), key);
  plan.decisions[0].form = "folded";
  EXPECT_NE(key_of(plan), key);
}

}  // namespace
}  // namespace octet::tuning
