#include "plan/complete.hpp"

#include <map>
#include <string>
#include <utility>

#include "plan/planner.hpp"
#include "plan/shared_storage.hpp"

namespace octet::plan {
namespace {

bool same_choice(const octet::Decision& a, const octet::Decision& b) {
  return a.form == b.form && a.storage == b.storage && a.granularity == b.granularity &&
         a.range == b.range && a.ops == b.ops;
}

octet::Decision undecided(octet::Decision decision) {
  decision.form = "float";
  decision.storage = "float32";
  decision.granularity = decision.range = decision.ops = "none";
  decision.reason = "undecided";
  decision.detail = "the plan says nothing about it";
  return decision;
}

}  // namespace

void count_bytes(const graph::Graph& graph, const std::vector<forms::Site>& sites,
                 std::vector<octet::Decision>& decisions) {
  std::map<graph::ConstantId, std::vector<std::size_t>> readers;
  for (std::size_t i = 0; i < sites.size(); ++i) {
    decisions[i].bytes_before = decisions[i].bytes_after = 0;
    if (sites[i].constant != graph::none) readers[sites[i].constant].push_back(i);
  }
  for (const auto& [constant, indices] : readers) {
    std::vector<Wanted> wanted;
    for (const std::size_t i : indices) {
      const forms::Form* form = forms::find(decisions[i].form);
      if (form != nullptr) wanted.push_back({form, form->storage(graph, sites[i], decisions[i])});
    }
    const onnx::TensorView& tensor = graph.constant(constant).tensor;
    const auto storage = choose_storage(wanted);
    octet::Decision& first = decisions[indices.front()];
    first.bytes_before = tensor.size_bytes();
    first.bytes_after =
        storage ? forms::WeightStore::stored_bytes(tensor, *storage) : tensor.size_bytes();
  }
}

octet::Plan complete(const graph::Graph& graph, const octet::Plan& plan) {
  std::map<std::pair<std::string, int>, const octet::Decision*> given;
  for (const octet::Decision& decision : plan.decisions) {
    given[{decision.node, decision.input}] = &decision;
  }
  octet::PlanOptions planning;
  planning.target = plan.target;
  octet::Plan out = make(graph, planning);
  for (octet::Decision& decision : out.decisions) {
    const auto found = given.find({decision.node, decision.input});
    if (found == given.end()) {
      decision = undecided(std::move(decision));
    } else if (!same_choice(*found->second, decision)) {
      decision = *found->second;
      decision.reason = "plan";
      decision.detail = "as the plan says";
    }
  }
  count_bytes(graph, forms::find_sites(graph), out.decisions);
  out.version = plan.version;
  return out;
}

}  // namespace octet::plan
