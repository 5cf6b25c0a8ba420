#include "tune/sensitivity.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <optional>
#include <queue>
#include <utility>

#include "octet/error.hpp"
#include "trial/observe.hpp"
#include "tune/units.hpp"

namespace octet::tuning {
namespace {

using octet::LayerSensitivity;
using octet::ParityReport;
using octet::Plan;
using Clock = std::chrono::steady_clock;

constexpr std::size_t parts_of_a_block = 4;
// A block below this share of the whole error is not worth looking into.
constexpr double next_to_nothing = 1e-3;
constexpr Because because{"plan", "weights alone, to tell their error from the input's"};

struct Block {
  double error = 0;
  double max_abs_diff = 0;
  std::vector<std::size_t> units;
  bool operator<(const Block& other) const {
    return error != other.error ? error < other.error : units.front() > other.units.front();
  }
};

double largest_difference(const ParityReport& report) {
  double out = 0;
  for (const octet::OutputParity& output : report.outputs) out = std::max(out, output.max_abs_diff);
  return out;
}

class Ranking {
 public:
  Ranking(Candidates& candidates, const forms::Survey& survey, const Plan& plan, double seconds)
      : candidates_(candidates),
        plan_(plan),
        units_(units_of(survey, plan)),
        end_(Clock::now() +
             std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds))) {}

  octet::SensitivityReport run() {
    const ParityReport whole = candidates_.judge(plan_);
    report_.error = error_of(whole);
    report_.max_abs_diff = largest_difference(whole);
    report_.passed = whole.passed;
    report_.reason = whole.reason;
    if (!units_.empty()) {
      std::vector<std::size_t> all(units_.size());
      std::iota(all.begin(), all.end(), std::size_t{0});
      queue_.push({report_.error, report_.max_abs_diff, std::move(all)});
      split_all();
      tell_causes();
    }
    sum_up();
    if (!report_.passed) suggest();
    report_.tried = candidates_.tried();
    return std::move(report_);
  }

 private:
  [[nodiscard]] bool out_of_time() const { return Clock::now() >= end_; }

  void split_all() {
    while (!queue_.empty()) {
      const Block block = queue_.top();
      queue_.pop();
      const bool matters = block.error > next_to_nothing * report_.error;
      if (block.units.size() == 1 && is_measured(block)) {
        report_.layers.push_back(layer_of(block.units.front(), block.error, block.max_abs_diff));
        continue;
      }
      if (out_of_time() && matters) report_.complete = false;
      if (out_of_time() || !matters) {
        share_out(block);
      } else {
        split(block);
      }
    }
  }

  // The first block holds all, and was measured as the whole.
  [[nodiscard]] bool is_measured(const Block& block) const {
    return block.units.size() < units_.size() || units_.size() == 1;
  }

  void split(const Block& block) {
    const std::size_t parts = std::min(parts_of_a_block, block.units.size());
    for (std::size_t p = 0; p < parts; ++p) {
      const auto at = [&](std::size_t i) {
        return block.units.begin() + static_cast<std::ptrdiff_t>(i * block.units.size() / parts);
      };
      Block part;
      part.units.assign(at(p), at(p + 1));
      const std::optional<ParityReport> report = judged(alone(part.units));
      part.error = report ? error_of(*report) : std::numeric_limits<double>::infinity();
      part.max_abs_diff = report ? largest_difference(*report) : 0;
      queue_.push(std::move(part));
    }
  }

  void share_out(const Block& block) {
    double bytes = 0;
    for (const std::size_t unit : block.units) bytes += bytes_of(unit);
    for (const std::size_t unit : block.units) {
      LayerSensitivity layer = layer_of(unit, block.error * bytes_of(unit) / bytes, 0);
      layer.estimated = block.error > 0;
      if (!layer.estimated) layer.cause = "no effect";
      report_.layers.push_back(std::move(layer));
    }
  }

  [[nodiscard]] double bytes_of(std::size_t unit) const {
    double out = 1;
    for (const std::size_t d : units_[unit])
      out += static_cast<double>(plan_.decisions[d].bytes_before());
    return out;
  }

  LayerSensitivity layer_of(std::size_t unit, double error, double max_abs_diff) {
    LayerSensitivity out;
    for (const std::size_t d : units_[unit]) {
      const octet::Decision& decision = plan_.decisions[d];
      out.nodes.push_back(decision.node);
      const std::uint64_t before = decision.bytes_before();
      out.bytes_saved += before - std::min(before, decision.bytes_after());
    }
    const octet::Decision& first = plan_.decisions[units_[unit].front()];
    out.op = first.op;
    out.form = first.form;
    out.error = error;
    out.max_abs_diff = max_abs_diff;
    unit_of_[out.nodes.front()] = unit;
    return out;
  }

  // Of these units quantized, and nothing else.
  [[nodiscard]] Plan alone(const std::vector<std::size_t>& units) const {
    std::vector<std::size_t> decisions;
    for (const std::size_t unit : units)
      decisions.insert(decisions.end(), units_[unit].begin(), units_[unit].end());
    return part_of(plan_, std::move(decisions));
  }

  // The worst first, while there is time: each once more with its product in floats.
  void tell_causes() {
    for (LayerSensitivity& layer : report_.layers) {
      if (layer.error <= 0) layer.cause = "no effect";
      if (layer.estimated || layer.error <= 0) continue;
      const Unit& unit = units_[unit_of_.at(layer.nodes.front())];
      const bool only_stored = std::all_of(unit.begin(), unit.end(), [&](std::size_t d) {
        return keeps_operator(plan_.decisions[d]);
      });
      if (only_stored) {
        layer.weight_error = layer.error;
      } else if (!out_of_time() && layer.error > next_to_nothing * report_.error) {
        Plan weights = alone({unit_of_.at(layer.nodes.front())});
        for (octet::Decision& decision : weights.decisions)
          give_back(decision, Level::stored, because);
        if (const auto report = judged(weights)) layer.weight_error = error_of(*report);
      }
      if (layer.weight_error)
        layer.cause = *layer.weight_error >= layer.error / 2 ? "weights" : "input";
    }
  }

  void sum_up() {
    std::stable_sort(
        report_.layers.begin(), report_.layers.end(),
        [](const LayerSensitivity& a, const LayerSensitivity& b) { return a.error > b.error; });
    double left = 0;
    for (auto layer = report_.layers.rbegin(); layer != report_.layers.rend(); ++layer) {
      layer->error_left = left;
      left += layer->error;
    }
  }

  std::optional<ParityReport> judged(const Plan& plan) {
    return candidates_.judge_if_it_runs(plan);
  }

  // What is suggested has been tried.
  void suggest() {
    constexpr Because kept{"repaired", "kept float: INT8 takes the answers too far here"};
    for (std::size_t count = 1; count <= report_.layers.size() && !out_of_time();
         count += 1 + count / 4) {
      Plan plan = plan_;
      std::vector<std::string> nodes;
      for (std::size_t l = 0; l < count; ++l) {
        for (const std::size_t d : units_[unit_of_.at(report_.layers[l].nodes.front())]) {
          give_back(plan.decisions[d], Level::exact, kept);
          nodes.push_back(plan.decisions[d].node);
        }
      }
      const auto report = judged(plan);
      if (!report || !report->passed) continue;
      report_.keep_float = std::move(nodes);
      report_.max_abs_diff_left = largest_difference(*report);
      return;
    }
  }

  Candidates& candidates_;
  const Plan& plan_;
  std::vector<Unit> units_;
  Clock::time_point end_;
  std::priority_queue<Block> queue_;
  std::map<std::string, std::size_t> unit_of_;  // by the first node
  octet::SensitivityReport report_;
};

// The value that the layer computes with, where it is one that a node of the main graph gives.
std::string input_of(const forms::Survey& survey, const LayerSensitivity& layer) {
  const auto node = survey.labels().find(layer.nodes.front());
  if (!node) return "";
  const graph::Graph& graph = survey.graph();
  if (graph.node(*node).scope != 0) return "";
  for (std::uint32_t slot = 0; slot < graph.node(*node).inputs.size(); ++slot) {
    const graph::ValueId value = graph.input(*node, slot);
    if (value == graph::none || graph.constant_input(*node, slot) != nullptr) continue;
    const bool is_computed =
        graph.value(value).producer != graph::none && graph.value(value).scope == 0;
    return is_computed ? std::string(graph.value(value).name) : "";
  }
  return "";
}

std::vector<std::int64_t> outliers(const trial::Observation& seen) {
  constexpr double far = 6;
  std::vector<double> size;
  for (std::size_t c = 0; c < seen.column_low.size(); ++c)
    size.push_back(std::max(std::abs(seen.column_low[c]), std::abs(seen.column_high[c])));
  if (size.empty()) return {};
  std::vector<double> sorted = size;
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  std::vector<std::int64_t> out;
  for (std::size_t c = 0; c < size.size(); ++c) {
    if (std::isfinite(size[c]) && size[c] > far * *middle) out.push_back(static_cast<int64_t>(c));
  }
  return out;
}

}  // namespace

octet::SensitivityReport rank(Candidates& candidates, const forms::Survey& survey,
                              const octet::Plan& plan, double seconds) {
  return Ranking(candidates, survey, plan, seconds).run();
}

void find_outliers(const Candidates& candidates, const forms::Survey& survey,
                   octet::SensitivityReport& report) {
  std::vector<std::string> values;
  for (const LayerSensitivity& layer : report.layers) {
    if (layer.cause != "input") continue;
    std::string value = input_of(survey, layer);
    if (!value.empty() && std::find(values.begin(), values.end(), value) == values.end())
      values.push_back(std::move(value));
  }
  if (values.empty()) return;
  std::vector<trial::Observation> seen;
  try {
    seen = candidates.observe_columns(values);
  } catch (const Error& error) {
    if (error.stops() || error.code() != ErrorCode::unsupported) throw;
    report.warnings.emplace_back(std::string("outlier columns were not looked for: ") +
                                 error.what());
    return;
  }
  for (LayerSensitivity& layer : report.layers) {
    if (layer.cause != "input") continue;
    const std::string value = input_of(survey, layer);
    const auto found = std::find_if(seen.begin(), seen.end(), [&](const auto& observation) {
      return observation.value == value;
    });
    if (!value.empty() && found != seen.end()) layer.outlier_columns = outliers(*found);
  }
}

}  // namespace octet::tuning
