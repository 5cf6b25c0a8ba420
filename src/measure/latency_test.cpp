#include "measure/latency.hpp"

#include <gtest/gtest.h>

#include <string>

#include "base/random.hpp"
#include "octet/error.hpp"

namespace octet::measure {
namespace {

// A machine whose time passes only when a model runs.
struct FakeMachine {
  double now = 0;
  std::string order;
  Call model(char name, double seconds) {
    return [this, name, seconds] {
      order += name;
      now += seconds;
    };
  }
  Clock clock() {
    return [this] { return now; };
  }
};

void ignore(double, double) {}

Schedule schedule(double seconds, std::uint64_t min_samples) {
  return {.seconds = seconds, .min_samples = min_samples, .warmup_seconds = 0};
}

TEST(MeasurePair, AlternatesAbbaAfterTheWarmUp) {
  FakeMachine m;
  const auto samples =
      measure_pair(m.model('a', 1), m.model('b', 2), schedule(0, 4), m.clock(), ignore);
  EXPECT_EQ(m.order, "ababbaabba");
  EXPECT_EQ(samples.baseline_us, std::vector<double>(4, 1e6));
  EXPECT_EQ(samples.candidate_us, std::vector<double>(4, 2e6));
}

TEST(MeasurePair, KeepsTheLeastNumberOfRunsWhateverTheTime) {
  FakeMachine m;
  const auto samples =
      measure_pair(m.model('a', 5), m.model('b', 5), schedule(1, 6), m.clock(), ignore);
  EXPECT_EQ(samples.baseline_us.size(), 6U);
}

TEST(MeasurePair, UsesTheTimeItIsGiven) {
  FakeMachine m;
  const auto samples =
      measure_pair(m.model('a', 0.25), m.model('b', 0.25), schedule(10, 2), m.clock(), ignore);
  EXPECT_EQ(samples.baseline_us.size(), 20U);
}

TEST(MeasurePair, RepeatsCallsTooShortToTime) {
  FakeMachine m;
  const double us = 1.0 / (1 << 20);
  const auto samples =
      measure_pair(m.model('a', us), m.model('b', 1024 * us), schedule(0.01, 2), m.clock(), ignore);
  EXPECT_EQ(samples.baseline_calls, 210U);  // 200e-6 * 2^20 = 209.7
  EXPECT_EQ(samples.candidate_calls, 1U);
  EXPECT_NEAR(samples.baseline_us[0], 1e6 * us, 1e-9);
}

TEST(MeasurePair, WarmsUpUntilTimesSettle) {
  FakeMachine m;
  double cost = 2;
  const Call cooling = [&] {
    m.now += cost;
    cost = std::max(1.0, cost * 0.9);
  };
  const auto samples =
      measure_pair(cooling, m.model('b', 1), {.seconds = 0, .min_samples = 2, .warmup_seconds = 10},
                   m.clock(), ignore);
  EXPECT_EQ(samples.baseline_us[0], 1e6);
}

TEST(MeasurePair, StopsWhenTheTickSaysSo) {
  FakeMachine m;
  int ticks = 0;
  const Tick stop = [&](double, double) {
    if (++ticks == 3) throw Error(ErrorCode::cancelled, "stopped on request");
  };
  EXPECT_THROW(
      (void)measure_pair(m.model('a', 1), m.model('b', 1), schedule(100, 2), m.clock(), stop),
      Error);
}

TEST(MeasurePair, RunsTheControlInTheMiddleOfEachRound) {
  FakeMachine m;
  const auto samples = measure_pair(m.model('a', 1), m.model('b', 2), schedule(0, 4), m.clock(),
                                    ignore, m.model('c', 3));
  EXPECT_EQ(m.order, "abcabccbaabccba");
  EXPECT_EQ(samples.control_us, std::vector<double>(4, 3e6));
}

PairedSamples constant(double baseline, double candidate, double control) {
  PairedSamples out;
  out.baseline_us.assign(40, baseline);
  out.candidate_us.assign(40, candidate);
  out.control_us.assign(40, control);
  return out;
}

TEST(Compare, CannotTellWhereTheBaselineDiffersFromItself) {
  EXPECT_EQ(compare(constant(100, 110, 100), 1).verdict, "slower");
  EXPECT_EQ(compare(constant(100, 110, 106), 1).verdict, "cannot tell");
  EXPECT_EQ(compare(constant(100, 60, 106), 1).verdict, "faster");  // far beyond
  EXPECT_EQ(compare(constant(100, 101, 106), 1).verdict, "no difference");
  EXPECT_EQ(doubts(compare(constant(100, 110, 106), 1)).size(), 1U);
}

// Half the rounds are disturbed while the candidate runs; the medians of all samples agree.
TEST(Compare, CannotTellWhereTheMediansContradictTheRounds) {
  PairedSamples samples = constant(100, 100, 100);
  for (std::size_t i = 0; i < samples.candidate_us.size(); ++i) {
    if (i % 4 == 0 || i % 8 == 2) samples.candidate_us[i] = 900;
  }
  const auto result = compare(samples, 1);
  EXPECT_GT(result.ratio_low, 1.02);
  EXPECT_NEAR(result.candidate.p50_us, 100, 1e-9);
  EXPECT_EQ(result.verdict, "cannot tell");
}

TEST(Compare, CancelsADriftThatHitsBoth) {
  FakeMachine m;
  double drift = 1;  // every call is slower than the one before
  const auto drifting = [&](double seconds) {
    return Call([&m, &drift, seconds] { m.now += seconds * (drift += 0.01); });
  };
  const auto samples = measure_pair(drifting(1), drifting(1), schedule(0, 100), m.clock(), ignore);
  const auto result = compare(samples, 1);
  EXPECT_NEAR(result.ratio, 1, 1e-12);
  EXPECT_EQ(result.verdict, "no difference");
}

TEST(Compare, GivesQuantilesThroughputAndRatio) {
  PairedSamples samples;
  for (int i = 1; i <= 101; ++i) samples.baseline_us.push_back(i);
  samples.baseline_us.push_back(51);
  for (const double x : samples.baseline_us) samples.candidate_us.push_back(x / 2);
  samples.baseline_calls = 3;
  const auto result = compare(samples, 8);
  EXPECT_EQ(result.baseline.runs, 306U);
  EXPECT_EQ(result.baseline.calls_per_sample, 3U);
  EXPECT_EQ(result.baseline.p50_us, 51);
  EXPECT_EQ(result.baseline.min_us, 1);
  EXPECT_EQ(result.baseline.mean_us, 51);
  EXPECT_NEAR(result.baseline.p99_us, 99.99, 1e-9);
  EXPECT_NEAR(result.baseline.throughput_per_s, 8e6 / 51, 1e-6);
  EXPECT_EQ(result.ratio, 0.5);
  EXPECT_EQ(result.verdict, "faster");
  EXPECT_EQ(result.baseline.samples_us.size(), 102U);
}

// Turns of models that take `ratio` of each other's time, on a machine where each load of a model
// is faster or slower by a few percent, and calls are disturbed now and then.
std::vector<PairedSamples> noisy_turns(base::Random& random, double ratio, double disturbed) {
  std::vector<PairedSamples> out(8);
  for (PairedSamples& turn : out) {
    const auto load = [&] { return 1 + 0.03 * static_cast<double>(random.normal()); };
    const double a = 100 * load();
    const double b = 100 * ratio * load();
    const double c = 100 * load();
    const auto call = [&](double us) {
      const double jitter = 1 + 0.02 * static_cast<double>(random.normal());
      return us * jitter * (random.uniform() < disturbed ? 1 + 4 * random.uniform() : 1);
    };
    for (int i = 0; i < 24; ++i) {
      turn.baseline_us.push_back(call(a));
      turn.candidate_us.push_back(call(b));
      turn.control_us.push_back(call(c));
    }
  }
  return out;
}

int verdicts_of(double ratio, double disturbed, const char* verdict) {
  base::Random random(1);
  int out = 0;
  for (int run = 0; run < 1000; ++run)
    out += compare_turns(noisy_turns(random, ratio, disturbed), 1).verdict == verdict ? 1 : 0;
  return out;
}

TEST(CompareTurns, CallAFileBesideItselfNoDifference) {
  EXPECT_GE(verdicts_of(1, 0, "no difference"), 990);
  EXPECT_GE(verdicts_of(1, 0.3, "no difference"), 990);
}

TEST(CompareTurns, SeeWhatIsMoreThanLoadingAnewMakes) {
  EXPECT_GE(verdicts_of(1.25, 0, "slower"), 990);
  EXPECT_GE(verdicts_of(0.7, 0.1, "faster"), 990);
}

TEST(CompareTurns, CannotTellWhereNothingIsExcluded) {
  base::Random random(1);
  std::vector<PairedSamples> turns = noisy_turns(random, 1, 0);
  for (double& us : turns[0].candidate_us) us *= 40;
  EXPECT_EQ(compare_turns(turns, 1).verdict, "cannot tell");
}

TEST(CompareTurns, KeepEverySampleAndCountEveryCall) {
  base::Random random(1);
  std::vector<PairedSamples> turns = noisy_turns(random, 1, 0);
  turns[1].baseline_calls = 3;
  const auto result = compare_turns(turns, 1);
  EXPECT_EQ(result.baseline.samples_us.size(), 8U * 24U);
  EXPECT_EQ(result.baseline.runs, 8U * 24U + 2U * 24U);
}

TEST(MeasureLoads, TakesTheMedianAfterAFirstLoadThatDoesNotCount) {
  FakeMachine m;
  int loads = 0;
  const Call a = [&] { m.now += loads++ == 0 ? 100 : 2; };
  const auto times = measure_loads(a, m.model('b', 1), m.clock(), ignore);
  EXPECT_EQ(times.baseline_ms, 2000);
  EXPECT_EQ(times.candidate_ms, 1000);
}

TEST(Doubts, NameNoiseAndTheNextStep) {
  PairedSamples samples;
  for (int i = 0; i < 40; ++i) {
    samples.baseline_us.push_back(i % 4 < 2 ? 100 : 200);
    samples.candidate_us.push_back(i % 3 < 1 ? 100 : 150);
  }
  const auto found = doubts(compare(samples, 4));
  ASSERT_FALSE(found.empty());
  EXPECT_NE(found[0].find("--seconds"), std::string::npos);
  EXPECT_NE(found[0].find("batch 4"), std::string::npos);
  PairedSamples quiet;
  quiet.baseline_us.assign(40, 100);
  quiet.candidate_us.assign(40, 100);
  EXPECT_TRUE(doubts(compare(quiet, 1)).empty());
}

}  // namespace
}  // namespace octet::measure
