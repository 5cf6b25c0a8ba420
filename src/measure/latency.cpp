#include "measure/latency.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>
#include <string>

#include "measure/statistics.hpp"

namespace octet::measure {
namespace {

constexpr double most_calls = 1000;
constexpr std::size_t settled_window = 5;
constexpr double settled_within = 0.05;
constexpr double wide_spread = 0.15;
constexpr double wide_interval = 0.1;

double time_of(const Call& call, std::uint64_t calls, const Clock& clock) {
  const double start = clock();
  for (std::uint64_t i = 0; i < calls; ++i) call();
  return (clock() - start) / static_cast<double>(calls);
}

// The last calls take as long as those before them.
bool settled(const std::vector<double>& times) {
  if (times.size() < 2 * settled_window) return false;
  const auto length = static_cast<std::ptrdiff_t>(settled_window);
  const double last = median({times.end() - length, times.end()});
  const double before = median({times.end() - 2 * length, times.end() - length});
  return std::abs(last - before) <= settled_within * before;
}

std::uint64_t calls_per_sample(const std::vector<double>& warm, double sample_seconds) {
  const auto length = static_cast<std::ptrdiff_t>(std::min(warm.size(), settled_window));
  const double each = median({warm.end() - length, warm.end()});
  if (!(each > 0)) return static_cast<std::uint64_t>(most_calls);
  return static_cast<std::uint64_t>(std::clamp(std::ceil(sample_seconds / each), 1.0, most_calls));
}

// Runs both in turn until they are warm; gives the calls per sample.
void warm_up(const Call& baseline, const Call& candidate, const Schedule& schedule,
             const Clock& clock, const Tick& tick, PairedSamples& out) {
  std::vector<double> a;
  std::vector<double> b;
  const double start = clock();
  for (double spent = 0;; spent = clock() - start) {
    tick(0, schedule.seconds);
    const bool long_enough = spent >= schedule.warmup_seconds && !a.empty();
    if (long_enough && (spent >= 4 * schedule.warmup_seconds || (settled(a) && settled(b)))) break;
    a.push_back(time_of(baseline, 1, clock));
    b.push_back(time_of(candidate, 1, clock));
  }
  out.baseline_calls = calls_per_sample(a, schedule.sample_seconds);
  out.candidate_calls = calls_per_sample(b, schedule.sample_seconds);
}

octet::LatencySummary summarize(std::vector<double> samples, std::uint64_t calls,
                                std::int64_t batch) {
  octet::LatencySummary out;
  std::vector<double> sorted = samples;
  std::sort(sorted.begin(), sorted.end());
  out.runs = samples.size() * calls;
  out.calls_per_sample = calls;
  if (sorted.empty()) return out;
  out.p50_us = quantile(sorted, 0.5);
  out.p90_us = quantile(sorted, 0.9);
  out.p99_us = quantile(sorted, 0.99);
  out.min_us = sorted.front();
  out.mean_us =
      std::accumulate(sorted.begin(), sorted.end(), 0.0) / static_cast<double>(sorted.size());
  if (out.p50_us > 0) out.throughput_per_s = static_cast<double>(batch) * 1e6 / out.p50_us;
  out.samples_us = std::move(samples);
  return out;
}

std::vector<double> round_ratios(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> out;
  for (std::size_t i = 0; i + 1 < std::min(a.size(), b.size()); i += 2) {
    const double baseline = a[i] + a[i + 1];
    if (baseline > 0) out.push_back((b[i] + b[i + 1]) / baseline);
  }
  return out;
}

// The medians of all samples say something else than the median of the rounds: less than half of
// it, or the opposite.
bool contradicts(double ratio, const octet::BatchComparison& c) {
  if (c.baseline.p50_us <= 0 || c.candidate.p50_us <= 0 || ratio <= 0) return false;
  return std::log(c.candidate.p50_us / c.baseline.p50_us) / std::log(ratio) < 0.5;
}

// The baseline beside itself differs, by no small part of what the candidate does.
bool drowns(double ratio, const octet::BatchComparison& c) {
  const Interval control{c.control_ratio, c.control_low, c.control_high};
  constexpr double part = 3;
  return verdict(control) != "no difference" &&
         std::abs(std::log(ratio)) < part * std::abs(std::log(control.estimate));
}

double spread(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const double middle = quantile(values, 0.5);
  return middle > 0 ? (quantile(values, 0.75) - quantile(values, 0.25)) / middle : 0;
}

}  // namespace

Clock wall_clock() {
  return [] {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration<double>(now).count();
  };
}

PairedSamples measure_pair(const Call& baseline, const Call& candidate, const Schedule& schedule,
                           const Clock& clock, const Tick& tick, const Call& control) {
  PairedSamples out;
  warm_up(baseline, candidate, schedule, clock, tick, out);
  const auto a = [&] {
    out.baseline_us.push_back(1e6 * time_of(baseline, out.baseline_calls, clock));
  };
  const auto b = [&] {
    out.candidate_us.push_back(1e6 * time_of(candidate, out.candidate_calls, clock));
  };
  const auto c = [&] {
    if (control) out.control_us.push_back(1e6 * time_of(control, out.baseline_calls, clock));
  };
  if (control) control();
  const double start = clock();
  double spent = 0;
  while (spent < schedule.seconds || out.baseline_us.size() < schedule.min_samples) {
    a(), b(), c(), c(), b(), a();
    spent = clock() - start;
    tick(std::min(spent, schedule.seconds), schedule.seconds);
  }
  return out;
}

octet::BatchComparison compare(PairedSamples samples, std::int64_t batch) {
  octet::BatchComparison out;
  out.batch = batch;
  const Interval ratio = bootstrap_median(round_ratios(samples.baseline_us, samples.candidate_us));
  out.ratio = ratio.estimate;
  out.ratio_low = ratio.low;
  out.ratio_high = ratio.high;
  if (!samples.control_us.empty()) {
    const Interval control =
        bootstrap_median(round_ratios(samples.baseline_us, samples.control_us));
    out.control_ratio = control.estimate;
    out.control_low = control.low;
    out.control_high = control.high;
  }
  out.baseline = summarize(std::move(samples.baseline_us), samples.baseline_calls, batch);
  out.candidate = summarize(std::move(samples.candidate_us), samples.candidate_calls, batch);
  out.verdict = verdict(ratio);
  const bool says_something = out.verdict != "no difference";
  if (says_something && (contradicts(out.ratio, out) || drowns(out.ratio, out)))
    out.verdict = "cannot tell";
  return out;
}

namespace {

void append(std::vector<double>& to, const std::vector<double>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

// What a busy machine adds to a call is added to some and not to others: the quicker ones tell.
double quick(std::vector<double> samples) {
  std::sort(samples.begin(), samples.end());
  return quantile(samples, 0.25);
}

// What each turn says of a ratio.
std::vector<double> ratios_of(const std::vector<PairedSamples>& turns,
                              std::vector<double> PairedSamples::*which) {
  std::vector<double> out;
  for (const PairedSamples& turn : turns) {
    const double baseline = quick(turn.baseline_us);
    const double other = quick(turn.*which);
    if (baseline > 0 && other > 0) out.push_back(other / baseline);
  }
  return out;
}

// Neither half as long nor twice as long can be excluded: that is not "no difference".
bool says_nothing(const Interval& ratio) {
  return ratio.high > 2 || ratio.low < 0.5;
}

}  // namespace

octet::BatchComparison compare_turns(std::vector<PairedSamples> turns, std::int64_t batch) {
  const std::vector<double> ratios = ratios_of(turns, &PairedSamples::candidate_us);
  const std::vector<double> controls = ratios_of(turns, &PairedSamples::control_us);
  const TurnRatio ratio = ratio_of_turns(ratios, spread_of_turns(controls));
  const TurnRatio control = ratio_of_turns(controls, spread_of_turns(ratios));
  PairedSamples all = turns.front();
  octet::BatchComparison out;
  std::uint64_t baseline_runs = 0;
  std::uint64_t candidate_runs = 0;
  for (std::size_t t = 0; t < turns.size(); ++t) {
    baseline_runs += turns[t].baseline_us.size() * turns[t].baseline_calls;
    candidate_runs += turns[t].candidate_us.size() * turns[t].candidate_calls;
    if (t == 0) continue;
    append(all.baseline_us, turns[t].baseline_us);
    append(all.candidate_us, turns[t].candidate_us);
  }
  out.batch = batch;
  out.ratio = ratio.interval.estimate;
  out.ratio_low = ratio.interval.low;
  out.ratio_high = ratio.interval.high;
  out.control_ratio = control.interval.estimate;
  out.control_low = control.interval.low;
  out.control_high = control.interval.high;
  out.baseline = summarize(std::move(all.baseline_us), all.baseline_calls, batch);
  out.candidate = summarize(std::move(all.candidate_us), all.candidate_calls, batch);
  out.baseline.runs = baseline_runs;
  out.candidate.runs = candidate_runs;
  // Memory that is given back and taken again lies as it did: turns are not quite as free as that.
  constexpr double alike = 1.01;
  out.verdict = verdict({out.ratio, ratio.sure_low / alike, ratio.sure_high * alike});
  const bool stands_out = out.verdict != "no difference";
  if (stands_out ? contradicts(out.ratio, out) || drowns(out.ratio, out)
                 : says_nothing(ratio.interval))
    out.verdict = "cannot tell";
  return out;
}

LoadTimes measure_loads(const Call& baseline, const Call& candidate, const Clock& clock,
                        const Tick& tick) {
  constexpr double enough_seconds = 1;
  constexpr std::size_t least = 3;
  constexpr std::size_t most = 7;
  std::vector<double> a;
  std::vector<double> b;
  baseline();  // files into the page cache, the library's first-time work
  candidate();
  const double start = clock();
  while (a.size() < least || (a.size() < most && clock() - start < enough_seconds)) {
    tick(0, 0);
    if (a.size() % 2 == 0) {
      a.push_back(time_of(baseline, 1, clock));
      b.push_back(time_of(candidate, 1, clock));
    } else {
      b.push_back(time_of(candidate, 1, clock));
      a.push_back(time_of(baseline, 1, clock));
    }
  }
  return {1e3 * median(a), 1e3 * median(b)};
}

std::vector<std::string> doubts(const octet::BatchComparison& comparison) {
  std::vector<std::string> out;
  const double widest =
      std::max(spread(comparison.baseline.samples_us), spread(comparison.candidate.samples_us));
  if (widest > wide_spread) {
    out.push_back(fmt::format(
        "batch {}: the middle half of the samples spreads over {:.0f} % of the median; close other "
        "programs, or measure longer with --seconds",
        comparison.batch, 100 * widest));
  }
  if (comparison.verdict == "cannot tell") {
    out.push_back(fmt::format(
        "batch {}: nothing can be told here: the ratio is {:.2f}, that of the medians {:.2f}, and "
        "the baseline takes {:.2f} of its own time; close other programs and measure again",
        comparison.batch, comparison.ratio,
        comparison.candidate.p50_us / std::max(comparison.baseline.p50_us, 1e-9),
        comparison.control_ratio));
  }
  const double width = comparison.ratio_high - comparison.ratio_low;
  if (width > wide_interval * comparison.ratio) {
    out.push_back(fmt::format(
        "batch {}: the ratio is only known to lie in {:.2f} … {:.2f}; measure longer with "
        "--seconds",
        comparison.batch, comparison.ratio_low, comparison.ratio_high));
  }
  return out;
}

}  // namespace octet::measure
