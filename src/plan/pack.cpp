#include "plan/pack.hpp"

#include <algorithm>
#include <array>
#include <unordered_set>

namespace octet::plan {
namespace {

using forms::Gain;
using forms::Offer;
using forms::Refusal;

// Where nobody knows the number of rows, a plan must be right for both.
constexpr std::array<std::int64_t, 2> unknown_sizes = {1, 128};
// What is won must be this many times what lookups cost: both are estimates.
constexpr double won_for_lost = 4;

struct Candidate {
  Draft* draft = nullptr;
  Offer offer;
  std::array<Gain, unknown_sizes.size()> gains;

  [[nodiscard]] double least_ns() const { return std::min(gains[0].ns, gains[1].ns); }
};

class Packing {
 public:
  Packing(const forms::Survey& survey, const Wishes& wishes, Drafts& drafts)
      : survey_(survey), wishes_(wishes), drafts_(drafts) {}

  void run() {
    for (Draft& draft : drafts_) {
      if (!draft.forbidden && !draft.only_stored) ask(draft);
    }
    const auto more = [](const Candidate& a, const Candidate& b) {
      return a.least_ns() > b.least_ns();
    };
    std::stable_sort(winning_.begin(), winning_.end(), more);
    for (Candidate& candidate : winning_) take(candidate);
    pay_for_losses();
  }

 private:
  void ask(Draft& draft) {
    for (const forms::Form& form : forms::all()) {
      if (form.keeps_operator) continue;
      Refusal why;
      auto offer = form.offer(survey_, draft.node, wishes_.choice, why);
      if (offer) {
        Candidate candidate{&draft, std::move(*offer), {}};
        candidate.offer.form = &form;
        for (std::size_t i = 0; i < unknown_sizes.size(); ++i)
          candidate.gains[i] = form.gain(survey_, candidate.offer, wishes_.costs, unknown_sizes[i]);
        if (!candidate.gains[0].loss) {
          const bool pays = !candidate.gains[0].needs_paying;
          (pays ? winning_ : losing_).push_back(std::move(candidate));
          continue;
        }
        why = *candidate.gains[0].loss;
      }
      if (forms::explains(why)) draft.refused = std::move(why);
    }
  }

  void take(Candidate& candidate) {
    const auto& takes = candidate.offer.takes;
    const bool free = !candidate.draft->offer &&
                      std::none_of(takes.begin(), takes.end(),
                                   [&](graph::NodeId node) { return taken_.contains(node); });
    if (!free) return;
    taken_.insert(takes.begin(), takes.end());
    for (std::size_t i = 0; i < won_.size(); ++i) won_[i] += candidate.gains[i].ns;
    accept(*candidate.draft, std::move(candidate.offer));
  }

  // All or none: one table that is looked up in INT8 makes the next no cheaper.
  void pay_for_losses() {
    std::array<double, unknown_sizes.size()> lost{};
    for (const Candidate& candidate : losing_) {
      for (std::size_t i = 0; i < lost.size(); ++i)
        lost[i] += std::max(0.0, -candidate.gains[i].ns);
    }
    for (std::size_t i = 0; i < lost.size(); ++i) {
      if (won_[i] >= won_for_lost * lost[i]) continue;
      for (const Candidate& candidate : losing_) {
        candidate.draft->refused = {"table",
                                    "looking up float rows costs least in this model: too little "
                                    "is won in INT8 to pay for more nodes a lookup"};
      }
      return;
    }
    for (Candidate& candidate : losing_) take(candidate);
  }

  const forms::Survey& survey_;
  const Wishes& wishes_;
  Drafts& drafts_;
  std::vector<Candidate> winning_;
  std::vector<Candidate> losing_;
  std::unordered_set<graph::NodeId> taken_;
  std::array<double, unknown_sizes.size()> won_{};
};

}  // namespace

void pack(const forms::Survey& survey, const Wishes& wishes, Drafts& drafts) {
  Packing(survey, wishes, drafts).run();
}

}  // namespace octet::plan
