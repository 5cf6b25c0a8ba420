#include "plan/read_plan.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "cost/costs.hpp"
#include "forms/reasons.hpp"
#include "octet/error.hpp"
#include "octet/nearest_name.hpp"

namespace octet::plan {
namespace {

using forms::Need;
using forms::Refusal;

constexpr std::size_t most_complaints = 20;  // in one message; the rest is counted

std::optional<quant::Encoding> encoding_of(const WeightChoice& weight, std::string& fault) {
  const auto kind = quant::kind_named(weight.storage);
  const auto range = quant::range_named(weight.range);
  const auto granularity = quant::granularity_named(weight.granularity);
  if (!kind) {
    fault = fmt::format("storage \"{}\" is not one of {}", weight.storage,
                        fmt::join(quant::kind_names(), ", "));
  } else if (!range) {
    fault = fmt::format("range \"{}\" is not one of {}", weight.range,
                        fmt::join(quant::range_names(), ", "));
  } else if (!granularity) {
    fault = fmt::format("granularity \"{}\" is not one of {}", weight.granularity,
                        fmt::join(quant::granularity_names(), ", "));
  } else {
    const quant::Encoding encoding{*kind, *range, *granularity};
    if (const auto contradiction = quant::contradiction(encoding)) {
      fault = *contradiction;
    } else {
      return encoding;
    }
  }
  return std::nullopt;
}

class PlanReader {
 public:
  PlanReader(const forms::Survey& survey, const octet::Plan& plan)
      : survey_(survey),
        plan_(plan),
        saturates_(cost::Costs::of(plan.target).saturates()),
        drafts_(empty_drafts(survey)) {
    for (Draft& draft : drafts_) {
      by_node_[draft.node] = &draft;
      for (DraftWeight& weight : draft.weights)
        weight.why = {"undecided", "the plan says nothing about it"};
      draft.refused = {"undecided", "the plan says nothing about it"};
    }
  }

  Drafts run(unsigned threads, const forms::Checkpoint& checkpoint) {
    for (const Decision& decision : plan_.decisions) read(decision);
    look_at_numbers(threads, checkpoint);
    agree();
    complain_together();
    return std::move(drafts_);
  }

 private:
  void complain(const Decision& decision, std::string_view fact) {
    complaints_.push_back(fmt::format("node \"{}\": {}", decision.node, fact));
  }
  void complain(const Draft& draft, const DraftWeight& weight, std::string_view fact) {
    const graph::Constant& constant = survey_.graph().constant(weight.place->source.constant);
    complaints_.push_back(fmt::format("node \"{}\", weight \"{}\": {}",
                                      survey_.labels().of(draft.node),
                                      forms::readable(constant.tensor.name), fact));
  }

  void read(const Decision& decision) {
    Draft* draft = find(decision);
    if (draft == nullptr) return;
    if (!decided_.insert(draft->node).second)
      return complain(decision, "it has two decisions; give it one");
    const forms::Form* form = forms::find(decision.form);
    if (form == nullptr) {
      std::vector<std::string_view> names;
      for (const forms::Form& one : forms::all()) names.push_back(one.name);
      return complain(decision, fmt::format("there is no form \"{}\"; there are {}", decision.form,
                                            fmt::join(names, ", ")));
    }
    const auto encodings = encodings_of(*draft, decision);
    if (!encodings) return;
    draft->refused = reason_for(*form, decision.reason, decision.detail);
    if (!form->keeps_operator && !take_offer(*draft, decision, *form, *encodings)) return;
    store_others(*draft, decision, *form, *encodings);
    give_reasons(*draft, decision);
  }

  // The plan's own words, unless they were written for something else and the plan was edited.
  static Refusal reason_for(const forms::Form& form, const std::string& reason,
                            const std::string& detail) {
    if (forms::may_explain(reason, form)) return {reason, detail};
    return {"plan", "as the plan says"};
  }

  static void give_reasons(Draft& draft, const Decision& decision) {
    for (DraftWeight& weight : draft.weights) {
      const auto said = std::find_if(
          decision.weights.begin(), decision.weights.end(), [&](const WeightChoice& one) {
            return one.input == static_cast<std::int64_t>(weight.place->slot);
          });
      if (weight.place->source.constant == graph::none) weight.why = draft.refused;
      if (said == decision.weights.end()) continue;  // undecided
      const bool own = !said->reason.empty();
      weight.why = weight.need && !weight.need->any
                       ? draft.refused
                       : reason_for(forms::kept(weight.need.has_value()),
                                    own ? said->reason : decision.reason,
                                    own ? said->detail : decision.detail);
    }
  }

  Draft* find(const Decision& decision) {
    const auto node = survey_.labels().find(decision.node);
    const auto found = node ? by_node_.find(*node) : by_node_.end();
    if (found != by_node_.end()) return found->second;
    if (node) {
      complain(decision, "the model has no weight there; make the plan again for this model");
      return nullptr;
    }
    const std::string nearest = nearest_name(decision.node, survey_.labels().all());
    complain(decision,
             nearest.empty()
                 ? "the model has no such node; make the plan again for this model"
                 : fmt::format("the model has no such node; did you mean \"{}\"?", nearest));
    return nullptr;
  }

  // How the decision's weights shall lie, by slot; nullopt after a complaint.
  using Encodings = std::map<std::uint32_t, quant::Encoding>;
  std::optional<Encodings> encodings_of(const Draft& draft, const Decision& decision) {
    Encodings out;
    const std::size_t before = complaints_.size();
    for (const WeightChoice& weight : decision.weights) {
      const auto place =
          std::find_if(draft.weights.begin(), draft.weights.end(), [&](const DraftWeight& one) {
            return static_cast<std::int64_t>(one.place->slot) == weight.input &&
                   one.place->source.constant != graph::none;
          });
      if (place == draft.weights.end()) {
        complain(decision, fmt::format("the model has no weight at input {}; make the plan again "
                                       "for this model",
                                       weight.input));
        continue;
      }
      const auto& name = survey_.graph().constant(place->place->source.constant).tensor.name;
      std::string fault;
      const auto encoding = encoding_of(weight, fault);
      if (weight.name != forms::readable(name)) {
        complain(decision, fmt::format("the node reads another weight than \"{}\" at input {}; "
                                       "make the plan again for this model",
                                       weight.name, weight.input));
      } else if (!encoding) {
        complain(draft, *place, fault);
      } else if (!out.emplace(place->place->slot, *encoding).second) {
        complain(decision, fmt::format("input {} is decided twice", weight.input));
      }
    }
    return complaints_.size() == before ? std::optional(std::move(out)) : std::nullopt;
  }

  bool take_offer(Draft& draft, const Decision& decision, const forms::Form& form,
                  const Encodings& encodings) {
    forms::Choice choice;
    const auto ops = forms::ops_named(decision.ops);
    if (!ops) {
      complain(decision, fmt::format("ops \"{}\" is not one of {}", decision.ops,
                                     fmt::join(forms::ops_names(), ", ")));
      return false;
    }
    choice.ops = *ops;
    choice.products = choice.tables = quant::float32_encoding;  // a weight not named stays as it is
    choice.by_slot = encodings;
    Refusal why;
    auto offer = form.offer(survey_, draft.node, choice, why);
    if (!offer) {
      complain(decision, fmt::format("{} is not possible: {}", form.name, why.detail));
      return false;
    }
    if (offer->ops != choice.ops) {
      complain(decision, fmt::format("{} has no \"{}\" operators here; \"{}\" it has", form.name,
                                     decision.ops, forms::name(offer->ops)));
      return false;
    }
    for (const Need& need : offer->needs) {
      if (!saturates_ || !need.multiplied || !quant::can_overflow(need.encoding)) continue;
      complain(decision,
               fmt::format("int8 in the range \"full\" can saturate on target {}; use \"pair\", or "
                           "set the plan's target to a CPU that cannot, like avx512_vnni",
                           plan_.target));
      return false;
    }
    offer->form = &form;
    offer->reason = draft.refused.reason;
    offer->detail = draft.refused.detail;
    accept(draft, std::move(*offer));
    return true;
  }

  // Weights the form does not compute with: stored as they say.
  void store_others(Draft& draft, const Decision& decision, const forms::Form& form,
                    const Encodings& encodings) {
    bool stored = false;
    for (DraftWeight& weight : draft.weights) {
      const auto found = encodings.find(weight.place->slot);
      if (weight.need || found == encodings.end()) continue;
      if (found->second.kind == quant::Kind::float32) continue;
      Refusal why;
      weight.need = forms::stored_as(survey_, *weight.place, found->second, why);
      if (!weight.need)
        complain(draft, weight,
                 fmt::format("storage \"{}\" is not possible: {}", quant::name(found->second.kind),
                             why.detail));
      stored = true;
    }
    if (!form.keeps_operator) return;
    const std::string_view ops = forms::name(forms::kept_ops(stored));
    if (decision.ops != ops) {
      complain(decision, fmt::format("form \"{}\" emits \"{}\" operators, not \"{}\"", form.name,
                                     ops, decision.ops));
    }
    if (&form == &forms::kept(stored)) return;
    complain(decision, stored ? fmt::format("form \"{}\" keeps its weights; give them storage "
                                            "\"float32\", granularity and range \"none\"",
                                            form.name)
                              : fmt::format("form \"{}\" stores weights small, but none is to be",
                                            form.name));
  }

  void look_at_numbers(unsigned threads, const forms::Checkpoint& checkpoint) {
    std::vector<graph::ConstantId> constants;
    for (const Draft& draft : drafts_) {
      for (const DraftWeight& weight : draft.weights) {
        if (weight.need) constants.push_back(weight.need->constant);
      }
    }
    std::sort(constants.begin(), constants.end());
    constants.erase(std::unique(constants.begin(), constants.end()), constants.end());
    survey_.measure(constants, threads, checkpoint);
    for (const Draft& draft : drafts_) {
      for (const DraftWeight& weight : draft.weights) {
        if (!weight.need) continue;
        if (const auto why = forms::numbers_against(survey_, *weight.need))
          complain(draft, weight, why->detail);
      }
    }
  }

  // The reader can use it, and it is what its decision says: a range may allow less, for others.
  static bool as_asked(const forms::StoredAs& stored, const Need& need) {
    return forms::serves(stored, need) && need.encoding.kind == stored.encoding.kind &&
           need.encoding.granularity == stored.encoding.granularity &&
           need.encoding.range <= stored.encoding.range;
  }

  // A weight has one storage. Readers that no decision names read the float that comes back.
  void agree() {
    const Storages storages = storages_of(drafts_);
    for (const auto& [constant, readers] : readers_of(drafts_)) {
      const auto stored = storages.find(constant);
      for (const Reader& reader : readers) {
        const bool decided = decided_.contains(reader.draft->node);
        const std::optional<Need>& need = reader.weight->need;
        const bool served = need ? stored != storages.end() && as_asked(stored->second, *need)
                                 : stored == storages.end() || !decided;
        if (served) continue;
        complain(*reader.draft, *reader.weight,
                 "its readers want this weight stored differently; give them one storage");
      }
    }
  }

  void complain_together() const {
    if (complaints_.empty()) return;
    const std::size_t shown = std::min(complaints_.size(), most_complaints);
    std::string text;
    for (std::size_t i = 0; i < shown; ++i) text += (i == 0 ? "" : "; ") + complaints_[i];
    if (shown < complaints_.size())
      text += fmt::format("; and {} more", complaints_.size() - shown);
    throw Error(ErrorCode::invalid_argument,
                complaints_.size() == 1
                    ? fmt::format("{}: plan: {}", survey_.graph().label(), text)
                    : fmt::format("{}: plan: {} complaints: {}", survey_.graph().label(),
                                  complaints_.size(), text));
  }

  const forms::Survey& survey_;
  const octet::Plan& plan_;
  bool saturates_;
  Drafts drafts_;
  std::map<graph::NodeId, Draft*> by_node_;
  std::set<graph::NodeId> decided_;
  std::vector<std::string> complaints_;
};

}  // namespace

Drafts read(const forms::Survey& survey, const octet::Plan& plan, unsigned threads,
            const forms::Checkpoint& checkpoint) {
  return PlanReader(survey, plan).run(threads, checkpoint);
}

}  // namespace octet::plan
