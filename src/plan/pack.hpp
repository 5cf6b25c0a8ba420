// Which offers are taken.
#pragma once

#include "plan/draft.hpp"
#include "plan/wishes.hpp"

namespace octet::plan {

// Asks every form about every node that is not forbidden, and takes the offers that gain most, none
// of them on a node another one takes. Offers that cost time are taken where those that win time
// win several times as much, at one row and at many. What is not taken leaves its refusal.
void pack(const forms::Survey& survey, const Wishes& wishes, Drafts& drafts);

}  // namespace octet::plan
