#include "tune/repair.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <numeric>
#include <optional>
#include <queue>

#include "octet/error.hpp"
#include "tune/units.hpp"

namespace octet::tuning {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t parts_of_a_block = 4;
constexpr Because because{"repaired", "INT8 here took the answers too far from the float model's"};

struct Block {
  double error_per_byte = 0;  // of its weights: what a byte given back is worth
  std::size_t order = 0;      // first unit: makes equal ones deterministic
  std::vector<std::size_t> units;
  bool operator<(const Block& other) const {
    return error_per_byte != other.error_per_byte ? error_per_byte < other.error_per_byte
                                                  : order > other.order;
  }
};

class Repair {
 public:
  Repair(Candidates& candidates, const forms::Survey& survey, const Plan& plan, ParityReport report,
         double seconds)
      : candidates_(candidates),
        plan_(plan),
        units_(units_of(survey, plan)),
        end_(Clock::now() +
             std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds))),
        best_{plan, std::move(report), {}} {}

  Mended run() {
    if (units_.empty()) return std::move(best_);
    std::vector<std::size_t> all(units_.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    queue_.push({error_of(best_.report), 0, all});
    std::size_t next_check = 1;
    while (!queue_.empty() && Clock::now() < end_) {
      const Block block = queue_.top();
      queue_.pop();
      if (block.units.size() > 1) {
        split(block);
        continue;
      }
      ranked_.push_back(block.units.front());
      if (ranked_.size() < next_check) continue;
      next_check = 2 * ranked_.size();
      if (holds(ranked_.size())) return shrunk();
    }
    if (queue_.empty() && holds(ranked_.size())) return shrunk();
    give_everything_back();
    return std::move(best_);
  }

 private:
  void split(const Block& block) {
    const std::size_t parts = std::min(parts_of_a_block, block.units.size());
    for (std::size_t p = 0; p < parts; ++p) {
      const auto begin =
          block.units.begin() + static_cast<std::ptrdiff_t>(p * block.units.size() / parts);
      const auto end =
          block.units.begin() + static_cast<std::ptrdiff_t>((p + 1) * block.units.size() / parts);
      Block part;
      part.units.assign(begin, end);
      part.order = part.units.front();
      part.error_per_byte = error_alone(part.units) / bytes_of(part.units);
      queue_.push(std::move(part));
    }
  }

  [[nodiscard]] double bytes_of(const std::vector<std::size_t>& units) const {
    double out = 1;
    for (const std::size_t unit : units) {
      for (const std::size_t d : units_[unit])
        out += static_cast<double>(plan_.decisions[d].bytes_before());
    }
    return out;
  }

  // Of these units quantized, and nothing else.
  double error_alone(const std::vector<std::size_t>& units) {
    std::vector<std::size_t> decisions;
    for (const std::size_t unit : units)
      decisions.insert(decisions.end(), units_[unit].begin(), units_[unit].end());
    const auto report = candidates_.judge_if_it_runs(part_of(plan_, std::move(decisions)));
    return report ? error_of(*report) : std::numeric_limits<double>::infinity();
  }

  [[nodiscard]] bool any_computed(const std::vector<std::size_t>& units) const {
    return std::any_of(units.begin(), units.end(), [&](std::size_t unit) {
      return std::any_of(units_[unit].begin(), units_[unit].end(),
                         [&](std::size_t d) { return !keeps_operator(plan_.decisions[d]); });
    });
  }

  [[nodiscard]] Plan without(const std::vector<std::size_t>& units, Level level) const {
    Plan out = plan_;
    for (const std::size_t unit : units) {
      for (const std::size_t d : units_[unit]) give_back(out.decisions[d], level, because);
    }
    return out;
  }

  // With as little given back to these units as passes. The plan is the best from now on when it
  // passes, or comes nearer than any before.
  bool try_without(const std::vector<std::size_t>& units) {
    for (const Level level : all_levels) {
      if (level == Level::stored && !any_computed(units)) continue;  // the same as the next
      Plan plan = without(units, level);
      std::optional<ParityReport> report = candidates_.judge_if_it_runs(plan);
      if (!report) continue;
      const bool passed = report->passed;
      const bool better =
          passed || (!best_.report.passed && error_of(*report) < error_of(best_.report));
      if (better) best_ = {std::move(plan), std::move(*report), names_of(units)};
      if (passed) return true;
    }
    return false;
  }

  bool holds(std::size_t count) {
    return try_without({ranked_.begin(), ranked_.begin() + static_cast<std::ptrdiff_t>(count)});
  }

  // The smallest number of the worst that holds; best_ holds with all of ranked_.
  Mended shrunk() {
    std::size_t low = 0;  // does not hold
    std::size_t high = ranked_.size();
    while (low + 1 < high && Clock::now() < end_) {
      const std::size_t middle = (low + high) / 2;
      (holds(middle) ? high : low) = middle;
    }
    return std::move(best_);
  }

  void give_everything_back() {
    std::vector<std::size_t> all(units_.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    (void)try_without(all);
  }

  [[nodiscard]] std::vector<std::string> names_of(const std::vector<std::size_t>& units) const {
    std::vector<std::string> out;
    for (const std::size_t unit : units) {
      for (const std::size_t d : units_[unit]) out.push_back(plan_.decisions[d].node);
    }
    return out;
  }

  Candidates& candidates_;
  const Plan& plan_;
  std::vector<Unit> units_;
  Clock::time_point end_;
  Mended best_;
  std::priority_queue<Block> queue_;
  std::vector<std::size_t> ranked_;  // single units, the worst first
};

}  // namespace

Mended repair(Candidates& candidates, const forms::Survey& survey, const octet::Plan& plan,
              octet::ParityReport report, double seconds) {
  return Repair(candidates, survey, plan, std::move(report), seconds).run();
}

}  // namespace octet::tuning
