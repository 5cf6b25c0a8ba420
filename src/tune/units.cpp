#include "tune/units.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

#include "forms/form.hpp"
#include "quant/encoding.hpp"

namespace octet::tuning {
namespace {

bool is_integer(const WeightChoice& weight) {
  const auto kind = quant::kind_named(weight.storage);
  return kind && quant::is_integer({*kind});
}

bool is_changed(const WeightChoice& weight) {
  return weight.storage != quant::name(quant::Kind::float32);
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

}  // namespace

bool keeps_operator(const Decision& decision) {
  const forms::Form* const form = forms::find(decision.form);
  return form != nullptr && form->keeps_operator;
}

bool changes(const Decision& decision) {
  return std::any_of(decision.weights.begin(), decision.weights.end(), is_changed);
}

std::vector<Unit> units_of(const forms::Survey& survey, const Plan& plan) {
  return Units(survey, plan).take();
}

Plan part_of(const Plan& plan, std::vector<std::size_t> decisions) {
  Plan out;
  out.target = plan.target;
  std::sort(decisions.begin(), decisions.end());
  for (const std::size_t d : decisions) out.decisions.push_back(plan.decisions[d]);
  return out;
}

void give_back(Decision& decision, Level level, const Because& because) {
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
  decision.reason = because.reason;
  decision.detail = because.detail;
}

}  // namespace octet::tuning
