#include "tune/parts.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "cost/costs.hpp"
#include "cost/targets.hpp"
#include "plan/planner.hpp"
#include "tune/units.hpp"

namespace octet::tuning {
namespace {

using octet::Decision;
using octet::Plan;
using octet::PlanOptions;

constexpr Because kept{"tuned", "kept as it was: something else gains more here"};

// Costs with which every product and convolution pays: whether it does is for measuring to say.
std::string costs_of_no_matter(const PlanOptions& options) {
  const std::string_view cpu = cost::cpus_of(options.target).front();
  cost::Table table = cost::table_from_json(cost::built_in_table(cpu), "built in");
  table.saturates = cost::Costs::of(options.target).saturates();
  for (const cost::Kind kind : {cost::Kind::product, cost::Kind::convolution, cost::Kind::lstm}) {
    table.of(kind).int8 = {1};
    table.of(kind).real = {1e9};
  }
  return cost::to_json(table);
}

PlanOptions only_stored(PlanOptions options, const char* storage) {
  options.weight_only.emplace_back("*");
  options.storage = storage;
  return options;
}

// The plan as made, and what else could be done at each node.
std::vector<Plan> alternatives(const forms::Survey& survey, const PlanOptions& options,
                               unsigned threads) {
  std::vector<PlanOptions> ways = {options};
  PlanOptions eager = options;
  eager.costs = costs_of_no_matter(options);
  ways.push_back(eager);
  ways.push_back(only_stored(options, "int8"));
  ways.push_back(only_stored(options, "float16"));
  std::vector<Plan> out;
  for (const PlanOptions& way : ways) out.push_back(plan::make(survey, way, {threads, {}}));
  return out;
}

// What a decision does, without its reasons.
std::string deed(const Decision& decision) {
  std::string out = decision.form + "/" + decision.ops;
  for (const octet::WeightChoice& weight : decision.weights)
    out +=
        fmt::format(" {}:{}:{}:{}", weight.input, weight.storage, weight.granularity, weight.range);
  return out;
}

std::string kind_of(const Decision& decision) {
  std::string out = decision.op;
  for (const octet::WeightChoice& weight : decision.weights)
    out += fmt::format(" [{}]", fmt::join(weight.shape, ","));
  return out;
}

// A plan in which a node changes that does so in any of them: what belongs together is the same in
// all.
Plan any_of(const std::vector<Plan>& plans) {
  Plan out = plans.front();
  for (const Plan& plan : plans) {
    for (std::size_t d = 0; d < out.decisions.size(); ++d) {
      if (!changes(out.decisions[d]) && changes(plan.decisions[d]))
        out.decisions[d] = plan.decisions[d];
    }
  }
  return out;
}

class PartMaker {
 public:
  PartMaker(const std::vector<Plan>& plans, Unit unit) : plans_(plans) {
    part_.at = std::move(unit);
    part_.kind = kind_of(plans.front().decisions[part_.at.front()]);
    if (part_.at.size() > 1) part_.kind += fmt::format(" ×{}", part_.at.size());
  }

  Part make() {
    std::vector<Decision> exact;
    for (const std::size_t d : part_.at) {
      exact.push_back(plans_.front().decisions[d]);
      if (changes(exact.back())) give_back(exact.back(), Level::exact, kept);
      for (octet::WeightChoice& weight : exact.back().weights)
        weight.bytes_after = weight.bytes_before;
    }
    add(std::move(exact), 0);
    for (std::size_t p = 0; p < plans_.size(); ++p) {
      std::vector<Decision> decisions;
      for (const std::size_t d : part_.at) decisions.push_back(plans_[p].decisions[d]);
      add(std::move(decisions), p);
    }
    return std::move(part_);
  }

 private:
  void add(std::vector<Decision> decisions, std::size_t source) {
    std::string deeds;
    for (const Decision& decision : decisions) deeds += deed(decision) + ";";
    if (!seen_.insert(deeds).second) return;
    Choice choice;
    choice.source = source;
    for (const Decision& decision : decisions) choice.bytes += decision.bytes_after();
    choice.decisions = std::move(decisions);
    part_.choices.push_back(std::move(choice));
  }

  const std::vector<Plan>& plans_;
  Part part_;
  std::set<std::string> seen_;
};

std::size_t choice_like(const Part& part, const Plan& plan) {
  for (std::size_t c = 0; c < part.choices.size(); ++c) {
    bool same = true;
    for (std::size_t i = 0; i < part.at.size(); ++i)
      same = same && deed(part.choices[c].decisions[i]) == deed(plan.decisions[part.at[i]]);
    if (same) return c;
  }
  return 0;
}

}  // namespace

Parts parts_of(const forms::Survey& survey, const PlanOptions& options, unsigned threads) {
  const std::vector<Plan> plans = alternatives(survey, options, threads);
  Parts out;
  out.base = plans.front();
  for (Unit& unit : units_of(survey, any_of(plans))) {
    Part part = PartMaker(plans, std::move(unit)).make();
    if (part.choices.size() < 2) continue;
    out.base_choices.push_back(choice_like(part, out.base));
    out.parts.push_back(std::move(part));
  }
  return out;
}

Plan plan_of(const Parts& parts, const Selection& selection) {
  Plan out = parts.base;
  for (std::size_t p = 0; p < parts.parts.size(); ++p) {
    const Part& part = parts.parts[p];
    const Choice& choice = part.choices[selection[p]];
    for (std::size_t i = 0; i < part.at.size(); ++i)
      out.decisions[part.at[i]] = choice.decisions[i];
  }
  return out;
}

}  // namespace octet::tuning
