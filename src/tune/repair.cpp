#include "tune/repair.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <numeric>
#include <queue>

#include "forms/form.hpp"
#include "octet/error.hpp"
#include "quant/encoding.hpp"

namespace octet::tune {
namespace {

using Clock = std::chrono::steady_clock;
using Unit = std::vector<std::size_t>;  // decisions that change together: they share a weight

constexpr std::size_t parts_of_a_block = 4;

// How much precision a decision gets back.
enum class Level : std::uint8_t {
  stored,  // a product in integers becomes one in floats; its weights stay integers
  half,    // and its weights are float16
  exact,   // and its weights are as they were
};
constexpr std::array all_levels = {Level::stored, Level::half, Level::exact};

bool is_integer(const WeightChoice& weight) {
  const auto kind = quant::kind_named(weight.storage);
  return kind && quant::is_integer({*kind});
}

bool keeps_operator(const Decision& decision) {
  const forms::Form* const form = forms::find(decision.form);
  return form != nullptr && form->keeps_operator;
}

bool is_changed(const WeightChoice& weight) {
  return weight.storage != quant::name(quant::Kind::float32);
}

bool changes(const Decision& decision) {
  return std::any_of(decision.weights.begin(), decision.weights.end(), is_changed);
}

// Decisions that share a weight must agree about it, so they change together.
class Units {
 public:
  Units(const forms::Survey& survey, const Plan& plan) : parent_(plan.decisions.size()) {
    std::iota(parent_.begin(), parent_.end(), std::size_t{0});
    std::map<graph::ConstantId, std::size_t> reader;
    for (std::size_t d = 0; d < plan.decisions.size(); ++d) {
      if (!changes(plan.decisions[d])) continue;
      const auto node = survey.labels().find(plan.decisions[d].node);
      if (!node) continue;  // apply() has something to say about it
      for (const forms::Place& place : survey.places(*node)) {
        if (place.source.constant == graph::none) continue;
        const auto [found, is_first] = reader.emplace(place.source.constant, d);
        if (!is_first) parent_[root(d)] = root(found->second);
      }
    }
    std::map<std::size_t, Unit> by_root;
    for (std::size_t d = 0; d < plan.decisions.size(); ++d) {
      if (changes(plan.decisions[d])) by_root[root(d)].push_back(d);
    }
    for (auto& [ignored, unit] : by_root) all_.push_back(std::move(unit));
    std::sort(all_.begin(), all_.end());
  }
  [[nodiscard]] std::vector<Unit> take() && { return std::move(all_); }

 private:
  std::size_t root(std::size_t d) {
    while (parent_[d] != d) d = parent_[d] = parent_[parent_[d]];
    return d;
  }
  std::vector<std::size_t> parent_;
  std::vector<Unit> all_;
};

void give_back(Decision& decision, Level level) {
  const quant::Encoding encoding =
      level == Level::exact ? quant::float32_encoding : quant::float16_encoding;
  // What is stored already has nothing to get back at the first level but its precision.
  const bool keeps_integers = level == Level::stored && !keeps_operator(decision);
  bool stored = false;
  for (WeightChoice& weight : decision.weights) {
    if (is_changed(weight) && !(keeps_integers && is_integer(weight))) {
      weight.storage = quant::name(encoding.kind);
      weight.range = quant::name(encoding.range);
      weight.granularity = quant::name(encoding.granularity);
      weight.reason = weight.detail = "";
    }
    stored = stored || is_changed(weight);
  }
  decision.form = forms::kept(stored).name;
  decision.ops = forms::name(forms::kept_ops(stored));
  decision.reason = "repaired";
  decision.detail = "INT8 here took the answers too far from the float model's";
}

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
        units_(Units(survey, plan).take()),
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
    Plan alone;
    alone.target = plan_.target;
    std::vector<std::size_t> decisions;
    for (const std::size_t unit : units)
      decisions.insert(decisions.end(), units_[unit].begin(), units_[unit].end());
    std::sort(decisions.begin(), decisions.end());
    for (const std::size_t d : decisions) alone.decisions.push_back(plan_.decisions[d]);
    return error_of(candidates_.judge(alone));
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
      for (const std::size_t d : units_[unit]) give_back(out.decisions[d], level);
    }
    return out;
  }

  // With as little given back to these units as passes. The plan is the best from now on when it
  // passes, or comes nearer than any before.
  bool try_without(const std::vector<std::size_t>& units) {
    for (const Level level : all_levels) {
      if (level == Level::stored && !any_computed(units)) continue;  // the same as the next
      Plan plan = without(units, level);
      ParityReport report;
      try {
        report = candidates_.judge(plan);
      } catch (const Error& error) {  // float16 cannot hold them, or not in this opset
        if (error.code() != ErrorCode::invalid_argument) throw;
        continue;
      }
      const bool better =
          report.passed || (!best_.report.passed && error_of(report) < error_of(best_.report));
      const bool passed = report.passed;
      if (better) best_ = {std::move(plan), std::move(report), names_of(units)};
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

}  // namespace octet::tune
