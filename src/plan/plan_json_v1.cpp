#include "plan/plan_json_v1.hpp"

#include <unordered_map>

#include "forms/form.hpp"

namespace octet::plan {
namespace {

struct OldDecision {
  Decision decision;    // without weights
  WeightChoice weight;  // nameless when the node's weight is computed
};

OldDecision read(const Json& object, const std::string& place) {
  using enum Fields::Presence;
  OldDecision out;
  Fields fields(object, place);
  fields.read("node", out.decision.node, required);
  fields.read("op", out.decision.op);
  fields.read("weight", out.weight.name, required);
  fields.read("input", out.weight.input, required);
  fields.read("shape", out.weight.shape);
  fields.read("form", out.decision.form, required);
  fields.read("storage", out.weight.storage);
  fields.read("granularity", out.weight.granularity);
  fields.read("range", out.weight.range);
  fields.read("ops", out.decision.ops);
  fields.read("reason", out.decision.reason);
  fields.read("detail", out.decision.detail);
  fields.read("bytes_before", out.weight.bytes_before);
  fields.read("bytes_after", out.weight.bytes_after);
  fields.refuse_unknown();
  return out;
}

// In version 1 a decision "float" kept its weight whatever the other fields said: that was how a
// layer was kept by hand.
void keep(WeightChoice& weight) {
  weight.storage = "float32";
  weight.granularity = weight.range = "none";
}

// A node with several weights has the form of the one that is worth most; the others keep their
// storage.
void merge(Decision& into, const OldDecision& old) {
  const forms::Form* have = forms::find(into.form);
  const forms::Form* come = forms::find(old.decision.form);
  const bool better =
      come == nullptr || (have != nullptr && forms::rank(*come) < forms::rank(*have));
  if (!better) return;
  into.form = old.decision.form;
  into.ops = old.decision.ops;
  into.reason = old.decision.reason;
  into.detail = old.decision.detail;
}

}  // namespace

std::vector<Decision> decisions_of_version_1(const Json& list, const std::string& label) {
  std::vector<Decision> out;
  std::unordered_map<std::string, std::size_t> by_node;
  for (std::size_t i = 0; i < list.size(); ++i) {
    OldDecision old = read(list[i], fmt::format("{}: decision {}", label, i));
    const forms::Form* form = forms::find(old.decision.form);
    if (form == &forms::kept(false)) keep(old.weight);
    // Operators that stay emitted the same ones whatever `ops` said.
    if (form != nullptr && form->keeps_operator)
      old.decision.ops = forms::name(forms::kept_ops(form != &forms::kept(false)));
    const auto [entry, is_new] = by_node.emplace(old.decision.node, out.size());
    if (is_new) {
      out.push_back(old.decision);
    } else {
      merge(out[entry->second], old);
    }
    if (old.weight.name.empty()) continue;
    old.weight.reason = old.decision.reason;
    old.weight.detail = old.decision.detail;
    out[entry->second].weights.push_back(std::move(old.weight));
  }
  return out;
}

}  // namespace octet::plan
