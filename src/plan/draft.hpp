// A plan in the making: choices with the places and offers they speak of.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "forms/stored.hpp"
#include "forms/weight_store.hpp"
#include "octet/plan.hpp"

namespace octet::plan {

struct DraftWeight {
  const forms::Place* place = nullptr;
  std::optional<forms::Need> need;  // nullopt: it stays as it is
  forms::Refusal why;               // why it is stored like this, or stays
};

// One node that reads weights. Without an offer the operator stays.
struct Draft {
  graph::NodeId node = graph::none;
  std::optional<forms::Offer> offer;
  std::vector<DraftWeight> weights;           // in the order of slots, computed ones too
  std::optional<forms::Refusal> forbidden;    // the user wants the node left alone
  std::optional<forms::Refusal> only_stored;  // the user wants its weights stored, nothing computed
  forms::Refusal refused;                     // why no form computes it in INT8
};

using Drafts = std::vector<Draft>;
using Storages = std::map<graph::ConstantId, forms::StoredAs>;

// A draft for every node with a place, every weight as it is.
[[nodiscard]] Drafts empty_drafts(const forms::Survey& survey);

// Takes the offer: its needs become those of the weights it reads.
void accept(Draft& draft, forms::Offer offer);
// The operator stays, and this weight too; what else the offer needed stays likewise.
void keep_float(Draft& draft, DraftWeight& weight, const forms::Refusal& why);

// What every constant with a need is stored as. Readers that it does not serve are the caller's
// matter.
[[nodiscard]] Storages storages_of(Drafts& drafts);

// The readers of a constant, in the order of forms::all(), then of nodes.
struct Reader {
  Draft* draft = nullptr;
  DraftWeight* weight = nullptr;
};
[[nodiscard]] std::map<graph::ConstantId, std::vector<Reader>> readers_of(Drafts& drafts);

// The drafts in words, with the bytes they come to.
[[nodiscard]] octet::Plan in_words(const forms::Survey& survey, const Drafts& drafts,
                                   const Storages& storages, const std::string& target);

}  // namespace octet::plan
