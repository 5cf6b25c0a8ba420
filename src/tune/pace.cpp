#include "tune/pace.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "measure/statistics.hpp"
#include "tune/units.hpp"

namespace octet::tuning {
namespace {

using octet::Decision;
using octet::Plan;
using octet::Speed;

constexpr Because because{"slower", "measured beside the float model, INT8 was slower here"};

// Products that take the same time: one kind of operator on weights of one shape.
std::map<std::string, std::vector<std::size_t>> computed_kinds(const Plan& plan) {
  std::map<std::string, std::vector<std::size_t>> out;
  for (std::size_t d = 0; d < plan.decisions.size(); ++d) {
    const Decision& decision = plan.decisions[d];
    if (!changes(decision) || keeps_operator(decision)) continue;
    std::string kind = decision.op + " " + decision.form;
    for (const octet::WeightChoice& weight : decision.weights)
      kind += fmt::format(" [{}]", fmt::join(weight.shape, ","));
    out[std::move(kind)].push_back(d);
  }
  return out;
}

Plan without(Plan plan, const std::vector<std::size_t>& decisions, Level level) {
  for (const std::size_t d : decisions) {
    const bool integers_stay = level == Level::stored && !keeps_operator(plan.decisions[d]);
    if (integers_stay || level != Level::stored) give_back(plan.decisions[d], level, because);
  }
  return plan;
}

// What rows of one call weigh: the worst.
double ratio_of(const std::vector<Speed>& speed) {
  double out = 0;
  for (const Speed& one : speed) out = std::max(out, one.ratio);
  return out;
}

class Pacer {
 public:
  Pacer(const Stopwatch& watch, const Plan& plan, double seconds)
      : watch_(watch), seconds_(seconds) {
    best_.plan = plan;
    best_.speed = watch_.time(plan, seconds_);
  }

  Paced run() {
    if (!is_slower(best_.speed) || !is_confirmed()) return std::move(best_);
    for (const auto& [kind, decisions] : computed_kinds(best_.plan)) try_without(decisions);
    if (is_slower(best_.speed)) give_everything_back();
    return std::move(best_);
  }

 private:
  // Once is chance, and twice may be the way two sessions lie in memory, or a neighbour's load: the
  // float model against itself shows what those are worth.
  bool is_confirmed() {
    best_.speed = watch_.time(best_.plan, 2 * seconds_);
    if (!is_slower(best_.speed)) return false;
    const std::vector<Speed> control = watch_.time_float(2 * seconds_);
    bool confirmed = false;
    for (std::size_t i = 0; i < best_.speed.size(); ++i) {
      Speed& speed = best_.speed[i];
      if (speed.verdict != "slower") continue;
      const bool is_beyond = i < control.size() && speed.ratio_low > control[i].ratio_high &&
                             control[i].verdict == "no difference";
      if (!is_beyond) speed.verdict = "cannot tell";
      confirmed = confirmed || is_beyond;
    }
    return confirmed;
  }

  void try_without(const std::vector<std::size_t>& decisions) {
    Plan plan = without(best_.plan, decisions, Level::stored);
    std::vector<Speed> speed = watch_.time(plan, seconds_);
    if (ratio_of(speed) > ratio_of(best_.speed) - measure::least_difference) return;
    take(std::move(plan), std::move(speed), decisions);
  }

  // What is only stored small costs nothing a run, as a rule; here it does, or nothing is gained.
  void give_everything_back() {
    std::vector<std::size_t> computed;
    std::vector<std::size_t> changed;
    for (std::size_t d = 0; d < best_.plan.decisions.size(); ++d) {
      const Decision& decision = best_.plan.decisions[d];
      if (!changes(decision)) continue;
      changed.push_back(d);
      if (!keeps_operator(decision)) computed.push_back(d);
    }
    if (!computed.empty()) {
      Plan plan = without(best_.plan, computed, Level::stored);
      std::vector<Speed> speed = watch_.time(plan, seconds_);
      take(std::move(plan), std::move(speed), computed);
    }
    if (!is_slower(best_.speed) || !is_confirmed()) return;
    Plan plan = without(best_.plan, changed, Level::exact);
    take(std::move(plan), {}, changed);
  }

  void take(Plan plan, std::vector<Speed> speed, const std::vector<std::size_t>& decisions) {
    for (const std::size_t d : decisions) {
      const std::string& node = plan.decisions[d].node;
      if (std::find(best_.taken_back.begin(), best_.taken_back.end(), node) ==
          best_.taken_back.end())
        best_.taken_back.push_back(node);
    }
    best_.plan = std::move(plan);
    best_.speed = std::move(speed);
  }

  const Stopwatch& watch_;
  double seconds_;
  Paced best_;
};

}  // namespace

bool is_slower(const std::vector<Speed>& speed) {
  return std::any_of(speed.begin(), speed.end(),
                     [](const Speed& one) { return one.verdict == "slower"; });
}

Paced pace(const Stopwatch& watch, const octet::Plan& plan, double seconds) {
  return Pacer(watch, plan, seconds).run();
}

}  // namespace octet::tuning
