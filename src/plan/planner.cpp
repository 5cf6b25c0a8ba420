#include "plan/planner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "forms/weight_slots.hpp"
#include "octet/error.hpp"
#include "octet/nearest_name.hpp"
#include "plan/draft.hpp"
#include "plan/pack.hpp"
#include "plan/selectors.hpp"
#include "plan/sharing.hpp"
#include "plan/wishes.hpp"

namespace octet::plan {
namespace {

class Planner {
 public:
  Planner(const forms::Survey& survey, const octet::PlanOptions& options, const MakeOptions& how)
      : survey_(survey),
        options_(options),
        how_(how),
        wishes_(wishes_of(options)),
        included_(survey, options.include, "--include"),
        excluded_(survey, options.exclude, "--exclude"),
        weight_only_(survey, options.weight_only, "--weight-only"),
        float16_(survey, options.float16, "--float16"),
        drafts_(empty_drafts(survey)) {
    check_op_types();
  }

  octet::Plan run() {
    for (Draft& draft : drafts_) {
      forbid(draft);
      restrict(draft);
    }
    pack(survey_, wishes_, drafts_);
    for (Draft& draft : drafts_) store(draft);
    look_at_numbers();
    share(survey_, drafts_);
    return in_words(survey_, drafts_, storages_of(drafts_), options_.target);
  }

 private:
  void check_op_types() const {
    std::set<std::string> present;
    for (const graph::Node& node : survey_.graph().nodes()) present.emplace(node.view.op_type);
    for (const std::string& type : options_.op_types) {
      if (present.contains(type)) continue;
      const std::string nearest = nearest_name(type, {present.begin(), present.end()});
      throw Error(ErrorCode::invalid_argument,
                  fmt::format("{}: --op-types \"{}\" is no operator of this model; {}",
                              survey_.graph().label(), type,
                              nearest.empty() ? "`octet inspect` lists them"
                                              : fmt::format("did you mean \"{}\"?", nearest)));
    }
  }

  // A reason that no form can overrule.
  void forbid(Draft& draft) const {
    const std::string op(survey_.graph().node(draft.node).view.op_type);
    const std::vector<std::string>& types = options_.op_types;
    if (excluded_.contains(draft.node)) {
      draft.forbidden = {"excluded", "excluded by --exclude"};
    } else if (!options_.include.empty() && !included_.contains(draft.node)) {
      draft.forbidden = {"excluded", "not chosen by --include"};
    } else if (!types.empty() && std::find(types.begin(), types.end(), op) == types.end()) {
      draft.forbidden = {"excluded", "not chosen by --op-types"};
    }
  }

  // What of the user's wishes a node that is not left alone is to obey.
  void restrict(Draft& draft) const {
    if (float16_.contains(draft.node)) {
      draft.only_stored = {"chosen", "its weights in float16 by --float16"};
    } else if (weight_only_.contains(draft.node)) {
      draft.only_stored = {"chosen", "only stored by --weight-only"};
    }
  }

  [[nodiscard]] forms::StorageWish wish_for(const Draft& draft) const {
    if (float16_.contains(draft.node)) return {quant::Kind::float16};
    return wishes_.storage;
  }

  // Weights that no form computes with.
  void store(Draft& draft) const {
    for (DraftWeight& weight : draft.weights) {
      if (weight.need) continue;
      if (draft.forbidden) {
        weight.why = *draft.forbidden;
        continue;
      }
      weight.need = forms::storage_for(survey_, *weight.place, wish_for(draft), weight.why);
      if (!weight.need) continue;
      if (draft.only_stored) {
        weight.why = *draft.only_stored;
        continue;
      }
      const onnx::NodeView& node = survey_.graph().node(draft.node).view;
      const bool refused =
          forms::explains(draft.refused) && forms::is_weight_slot(node, weight.place->slot);
      weight.why = refused ? draft.refused : forms::why_kept(survey_, *weight.place);
    }
  }

  void look_at_numbers() {
    std::vector<graph::ConstantId> constants;
    for (const Draft& draft : drafts_) {
      for (const DraftWeight& weight : draft.weights) {
        if (weight.need) constants.push_back(weight.need->constant);
      }
    }
    std::sort(constants.begin(), constants.end());
    constants.erase(std::unique(constants.begin(), constants.end()), constants.end());
    survey_.measure(constants, how_.threads, how_.checkpoint);
    for (Draft& draft : drafts_) {
      for (DraftWeight& weight : draft.weights) {
        if (!weight.need) continue;
        if (const auto why = forms::numbers_against(survey_, *weight.need))
          keep_float(draft, weight, *why);
      }
    }
  }

  const forms::Survey& survey_;
  const octet::PlanOptions& options_;
  const MakeOptions& how_;
  Wishes wishes_;
  Selection included_;
  Selection excluded_;
  Selection weight_only_;
  Selection float16_;
  Drafts drafts_;
};

}  // namespace

octet::Plan make(const forms::Survey& survey, const octet::PlanOptions& options,
                 const MakeOptions& how) {
  return Planner(survey, options, how).run();
}

}  // namespace octet::plan
