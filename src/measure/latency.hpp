// Two things timed side by side, so that whatever disturbs the machine disturbs both.
//
// After a warm-up the calls go A B B A, A B B A, … : in every such round both models sit at the
// same mean position in time, so that a drift of the clock frequency, a neighbour's load or a cost
// of going first cancels in the round's ratio (b1 + b2) / (a1 + a2). Calls too short to be timed
// alone are repeated, and the mean of the repetitions is one sample.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "octet/bench.hpp"

namespace octet::measure {

using Call = std::function<void()>;
using Clock = std::function<double()>;  // seconds, never going back
// Seconds spent and seconds planned; may throw to stop.
using Tick = std::function<void(double, double)>;

[[nodiscard]] Clock wall_clock();

struct Schedule {
  double seconds = 3;
  std::uint64_t min_samples = 20;  // of each, whatever the time
  double warmup_seconds = 0.3;     // at least; up to four times as long until times settle
  double sample_seconds = 200e-6;  // shorter calls are repeated until a sample lasts this long
};

struct PairedSamples {
  std::vector<double> baseline_us;  // time of one call; as many for both, an even number
  std::vector<double> candidate_us;
  std::uint64_t baseline_calls = 1;  // calls in each sample
  std::uint64_t candidate_calls = 1;
  std::vector<double> control_us;  // of the control, where there is one; calls as the baseline's
};

// `control`, where given, is the baseline once more: rounds are A B C C B A then, and what C is to
// A says what this machine makes of no difference.
[[nodiscard]] PairedSamples measure_pair(const Call& baseline, const Call& candidate,
                                         const Schedule& schedule, const Clock& clock,
                                         const Tick& tick, const Call& control = {});

// Summaries, ratio, interval and verdict. `batch`: rows of one call.
[[nodiscard]] octet::BatchComparison compare(PairedSamples samples, std::int64_t batch);

// The same of several turns, each measured with sessions of its own and with a control: two loads
// of one model differ by where their memory lies, and only loading anew shows by how much. The
// verdict needs the ratio to stand out from what the turns differ among themselves, and from what
// the controls do.
[[nodiscard]] octet::BatchComparison compare_turns(std::vector<PairedSamples> turns,
                                                   std::int64_t batch);

// Median milliseconds of making each, taken in turn: three to seven times, about a second.
struct LoadTimes {
  double baseline_ms = 0;
  double candidate_ms = 0;
};
[[nodiscard]] LoadTimes measure_loads(const Call& baseline, const Call& candidate,
                                      const Clock& clock, const Tick& tick);

// What makes these numbers doubtful, each with the next step.
[[nodiscard]] std::vector<std::string> doubts(const octet::BatchComparison& comparison);

}  // namespace octet::measure
