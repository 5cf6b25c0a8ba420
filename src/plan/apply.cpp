#include "plan/apply.hpp"

#include <fmt/format.h>

#include <map>

#include "forms/form.hpp"
#include "octet/error.hpp"
#include "plan/nearest_name.hpp"
#include "plan/shared_storage.hpp"

namespace octet::plan {
namespace {

struct Job {
  const octet::Decision* decision = nullptr;
  const forms::Site* site = nullptr;
  const forms::Form* form = nullptr;
};

[[noreturn]] void refuse(const graph::Graph& graph, const octet::Decision& decision,
                         std::string_view fact) {
  throw Error(ErrorCode::invalid_argument,
              fmt::format("{}: plan: node \"{}\", weight \"{}\": {}", graph.label(), decision.node,
                          decision.weight, fact));
}

// Finds the site each decision speaks of.
class Sites {
 public:
  explicit Sites(const graph::Graph& graph)
      : graph_(graph), labels_(graph), sites_(forms::find_sites(graph)) {
    for (const forms::Site& site : sites_)
      by_place_[{labels_.of(site.node), static_cast<int>(site.slot)}] = &site;
  }

  [[nodiscard]] const forms::Site* find(const octet::Decision& decision) const {
    const auto found = by_place_.find({decision.node, decision.input});
    if (found == by_place_.end()) {
      std::vector<std::string> names;
      for (const forms::Site& site : sites_) names.push_back(labels_.of(site.node));
      const std::string nearest = nearest_name(decision.node, names);
      refuse(graph_, decision,
             nearest.empty() || nearest == decision.node
                 ? fmt::format(
                       "the model has no weight at input {}; make the plan again for this model",
                       decision.input)
                 : fmt::format("the model has no such node; did you mean \"{}\"?", nearest));
    }
    const forms::Site* site = found->second;
    const bool same = site->constant == graph::none
                          ? decision.weight.empty()
                          : decision.weight == graph_.constant(site->constant).tensor.name;
    if (!same)
      refuse(graph_, decision, "the node reads another weight; make the plan again for this model");
    return site;
  }
  [[nodiscard]] const std::vector<forms::Site>& all() const { return sites_; }

 private:
  const graph::Graph& graph_;
  forms::NodeLabels labels_;
  std::vector<forms::Site> sites_;
  std::map<std::pair<std::string, int>, const forms::Site*> by_place_;
};

std::vector<Job> jobs_of(const octet::Plan& plan, const graph::Graph& graph, const Sites& sites) {
  std::vector<Job> jobs;
  for (const octet::Decision& decision : plan.decisions) {
    Job job{&decision, sites.find(decision), forms::find(decision.form)};
    if (job.form == nullptr)
      refuse(graph, decision, fmt::format("there is no form \"{}\"", decision.form));
    if (const auto refusal = job.form->check(graph, *job.site, decision)) {
      refuse(graph, decision,
             fmt::format("{} is not possible: {}", decision.form, refusal->detail));
    }
    jobs.push_back(job);
  }
  return jobs;
}

void decide_storage(const std::vector<Job>& jobs, const graph::Graph& graph,
                    forms::WeightStore& store) {
  std::map<graph::ConstantId, std::vector<const Job*>> readers;
  for (const Job& job : jobs) {
    if (job.site->constant != graph::none) readers[job.site->constant].push_back(&job);
  }
  for (const auto& [constant, group] : readers) {
    std::vector<Wanted> wanted;
    for (const Job* job : group) {
      wanted.push_back({job->form, job->form->storage(graph, *job->site, *job->decision)});
    }
    const auto storage = choose_storage(wanted);
    for (std::size_t i = 0; i < group.size(); ++i) {
      const bool is_float = group[i]->form->name == "float";
      if (storage ? (is_float || !serves(*storage, wanted[i])) : !is_float) {
        refuse(graph, *group[i]->decision,
               "its readers want this weight stored differently; give them one storage");
      }
    }
    if (storage) store.decide(constant, *storage);
  }
}

}  // namespace

void apply(const octet::Plan& plan, graph::Overlay& overlay) {
  const graph::Graph& graph = overlay.graph();
  const Sites sites(graph);
  const std::vector<Job> jobs = jobs_of(plan, graph, sites);
  forms::WeightStore store(overlay);
  decide_storage(jobs, graph, store);
  for (const Job& job : jobs) {
    if (job.form->name != "float") job.form->apply(store, *job.site, *job.decision);
  }
  store.finish(sites.all());
}

}  // namespace octet::plan
