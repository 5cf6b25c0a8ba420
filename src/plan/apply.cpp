#include "plan/apply.hpp"

#include "plan/read_plan.hpp"

namespace octet::plan {

octet::Plan apply(const forms::Survey& survey, const octet::Plan& plan, graph::Overlay& overlay,
                  unsigned threads, const forms::Checkpoint& checkpoint) {
  Drafts drafts = read(survey, plan, threads, checkpoint);
  const Storages storages = storages_of(drafts);
  forms::WeightStore store(survey, overlay);
  for (const auto& [constant, how] : storages) store.decide(constant, how);
  for (const Draft& draft : drafts) {
    if (draft.offer) draft.offer->form->write(store, *draft.offer);
    for (const DraftWeight& weight : draft.weights) {
      if (weight.need && weight.need->any) (void)store.get(weight.need->constant);
    }
  }
  store.finish();
  return in_words(survey, drafts, storages, plan.target);
}

}  // namespace octet::plan
