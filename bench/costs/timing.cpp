#include "costs/timing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <numeric>
#include <random>

#include "measure/statistics.hpp"
#include "octet/error.hpp"

namespace octet::bench {
namespace {

constexpr double sample_ns = 300e3;  // a short call is repeated to fill it
constexpr double most_error = 0.1;

// CPU time of this thread: what other processes of the machine take does not count.
double now_ns() {
  timespec time = {};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
}

double time_of(const runtime::Session::Bound& run, unsigned repeats) {
  run.run();  // not timed: the caches then hold this model, not the one before
  const double start = now_ns();
  for (unsigned i = 0; i < repeats; ++i) run.run();
  return (now_ns() - start) / repeats;
}

double relative_l2(const std::vector<base::NamedTensor>& found,
                   const std::vector<base::NamedTensor>& expected) {
  double difference = 0;
  double size = 0;
  for (std::size_t t = 0; t < expected.size(); ++t) {
    const auto a = found.at(t).tensor.as<float>();
    const auto b = expected[t].tensor.as<float>();
    if (a.size() != b.size()) return std::nan("");
    for (std::size_t i = 0; i < b.size(); ++i) {
      difference += std::pow(static_cast<double>(a[i]) - static_cast<double>(b[i]), 2);
      size += std::pow(static_cast<double>(b[i]), 2);
    }
  }
  return std::sqrt(difference / size);
}

struct Sessions {
  runtime::Session real;
  runtime::Session int8;
};

// One run in both writings, with its samples.
struct Contest {
  Timing timing;
  double copies;
  runtime::Session::Bound real;
  runtime::Session::Bound int8;
  unsigned repeats = 1;  // the same for both: the overhead of the clock is too
  std::vector<double> real_ns = {};
  std::vector<double> int8_ns = {};
  std::vector<double> ratios = {};
};

Contest contest_of(const Sessions& sessions, const Case& of, const Run& run) {
  const double error = relative_l2(sessions.int8.run(run.feed), sessions.real.run(run.feed));
  if (!(error < most_error)) {
    throw Error(ErrorCode::runtime_failed,
                fmt::format("{}: INT8 is wrong, relative L2 {:.3f}", run.label, error));
  }
  Contest out = {{run.label, run.real_terms, run.int8_terms, 0, 0, 0, error},
                 static_cast<double>(of.copies),
                 sessions.real.bind(run.feed),
                 sessions.int8.bind(run.feed)};
  const double once = std::min(time_of(out.real, 1), time_of(out.int8, 1));
  out.repeats = static_cast<unsigned>(std::clamp(sample_ns / std::max(once, 1.0), 1.0, 300.0));
  return out;
}

void sample(Contest& contest, bool real_first) {
  double real = 0;
  double int8 = 0;
  if (real_first) real = time_of(contest.real, contest.repeats);
  int8 = time_of(contest.int8, contest.repeats);
  if (!real_first) real = time_of(contest.real, contest.repeats);
  contest.real_ns.push_back(real / contest.copies);
  contest.int8_ns.push_back(int8 / contest.copies);
  contest.ratios.push_back(int8 / real);
}

}  // namespace

std::vector<Timing> time_cases(const std::shared_ptr<const runtime::Library>& library,
                               const std::vector<Case>& cases, unsigned rounds) {
  std::vector<Sessions> sessions;
  sessions.reserve(cases.size());
  std::vector<Contest> contests;
  for (const Case& here : cases) {
    const std::string label = here.runs.front().label;
    sessions.push_back({runtime::Session::from_bytes(library, here.real, {.label = label}),
                        runtime::Session::from_bytes(library, here.int8, {.label = label})});
    for (const Run& run : here.runs) contests.push_back(contest_of(sessions.back(), here, run));
  }
  std::vector<std::size_t> order(contests.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::mt19937 random(11);
  for (unsigned round = 0; round < rounds; ++round) {
    std::shuffle(order.begin(), order.end(), random);
    for (const std::size_t i : order) sample(contests[i], (random() & 1U) != 0);
  }
  std::vector<Timing> out;
  for (Contest& contest : contests) {
    contest.timing.real_ns = measure::median(std::move(contest.real_ns));
    contest.timing.int8_ns = measure::median(std::move(contest.int8_ns));
    contest.timing.ratio = measure::median(std::move(contest.ratios));
    out.push_back(std::move(contest.timing));
  }
  return out;
}

}  // namespace octet::bench
