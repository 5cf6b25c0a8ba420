#include "plan/draft.hpp"

#include <algorithm>
#include <set>

namespace octet::plan {
namespace {

using forms::Need;
using graph::none;

// Smaller is more valued; an operator that stays comes last.
std::size_t rank(const Draft& draft) {
  return draft.offer ? forms::rank(*draft.offer->form) : forms::all().size();
}

const Need* need_in(const forms::Offer& offer, std::uint32_t slot) {
  for (const Need& need : offer.needs) {
    if (need.slot == slot) return &need;
  }
  return nullptr;
}

WeightChoice in_words(const forms::Survey& survey, const DraftWeight& weight,
                      const Storages& storages, bool first_reader) {
  const graph::Constant& constant = survey.graph().constant(weight.place->source.constant);
  WeightChoice out;
  out.input = static_cast<int>(weight.place->slot);
  out.name = forms::readable(constant.tensor.name);
  out.type = std::string(base::element_name(constant.tensor.type));
  out.shape = constant.tensor.dims;
  out.reason = weight.why.reason;
  out.detail = weight.why.detail;
  const auto stored = storages.find(weight.place->source.constant);
  const quant::Encoding encoding =
      weight.need && stored != storages.end() ? stored->second.encoding : quant::float32_encoding;
  out.storage = quant::name(encoding.kind);
  out.granularity = quant::name(encoding.granularity);
  out.range = quant::name(encoding.range);
  if (!first_reader) return out;
  out.bytes_before = constant.tensor.size_bytes();
  out.bytes_after = stored == storages.end()
                        ? out.bytes_before
                        : quant::encoded_bytes(stored->second.encoding, stored->second.view.dims,
                                               stored->second.axes);
  return out;
}

// What the heaviest weight says is said of the node.
forms::Refusal reason_of(const Draft& draft, const Decision& decision) {
  if (draft.offer) return {draft.offer->reason, draft.offer->detail};
  if (draft.forbidden) return *draft.forbidden;
  const bool stores =
      std::any_of(draft.weights.begin(), draft.weights.end(),
                  [](const DraftWeight& weight) { return weight.need.has_value(); });
  for (const DraftWeight& weight : draft.weights) {
    if (weight.place->source.constant == none && !stores) return weight.why;
  }
  const auto heaviest = std::max_element(
      decision.weights.begin(), decision.weights.end(),
      [](const auto& a, const auto& b) { return a.bytes_before < b.bytes_before; });
  return {heaviest->reason, heaviest->detail};
}

}  // namespace

Drafts empty_drafts(const forms::Survey& survey) {
  Drafts out;
  for (const forms::Place& place : survey.places()) {
    if (out.empty() || out.back().node != place.node) {
      out.emplace_back();
      out.back().node = place.node;
    }
    out.back().weights.push_back({&place, std::nullopt, {}});
  }
  return out;
}

void accept(Draft& draft, forms::Offer offer) {
  for (DraftWeight& weight : draft.weights) {
    const Need* need = need_in(offer, weight.place->slot);
    if (need == nullptr) continue;
    weight.need = *need;
    weight.why = {};
  }
  draft.offer = std::move(offer);
}

void keep_float(Draft& draft, DraftWeight& weight, const forms::Refusal& why) {
  const bool computed = draft.offer && need_in(*draft.offer, weight.place->slot) != nullptr;
  for (DraftWeight& other : draft.weights) {
    const bool same_offer = computed && need_in(*draft.offer, other.place->slot) != nullptr;
    if (&other != &weight && !same_offer) continue;
    other.need.reset();
    other.why = why;
  }
  if (computed) draft.offer.reset();
}

std::map<graph::ConstantId, std::vector<Reader>> readers_of(Drafts& drafts) {
  std::map<graph::ConstantId, std::vector<Reader>> out;
  for (Draft& draft : drafts) {
    for (DraftWeight& weight : draft.weights) {
      if (weight.place->source.constant != none)
        out[weight.place->source.constant].push_back({&draft, &weight});
    }
  }
  for (auto& [constant, readers] : out) {
    std::stable_sort(readers.begin(), readers.end(), [](const Reader& a, const Reader& b) {
      return rank(*a.draft) < rank(*b.draft);
    });
  }
  return out;
}

Storages storages_of(Drafts& drafts) {
  Storages out;
  for (const auto& [constant, readers] : readers_of(drafts)) {
    std::vector<Need> needs;
    for (const Reader& reader : readers) {
      if (reader.weight->need) needs.push_back(*reader.weight->need);
    }
    if (auto stored = forms::agree(needs)) out.emplace(constant, std::move(*stored));
  }
  return out;
}

octet::Plan in_words(const forms::Survey& survey, const Drafts& drafts, const Storages& storages,
                     const std::string& target) {
  octet::Plan plan;
  plan.target = target;
  std::set<graph::ConstantId> counted;
  for (const Draft& draft : drafts) {
    Decision decision;
    decision.node = survey.labels().of(draft.node);
    decision.op = forms::readable(forms::op_name(survey.graph().node(draft.node).view));
    bool stored = false;
    for (const DraftWeight& weight : draft.weights) {
      if (weight.place->source.constant == none) continue;
      stored = stored || weight.need.has_value();
      const bool first = counted.insert(weight.place->source.constant).second;
      decision.weights.push_back(in_words(survey, weight, storages, first));
    }
    const forms::Form& form = draft.offer ? *draft.offer->form : forms::kept(stored);
    decision.form = form.name;
    decision.ops = forms::name(draft.offer ? draft.offer->ops : forms::kept_ops(stored));
    const forms::Refusal why = reason_of(draft, decision);
    decision.reason = why.reason;
    decision.detail = why.detail;
    for (WeightChoice& weight : decision.weights) {
      if (weight.reason == decision.reason && weight.detail == decision.detail)
        weight.reason = weight.detail = "";
    }
    plan.decisions.push_back(std::move(decision));
  }
  return plan;
}

}  // namespace octet::plan
