// The user's words, understood once.
#pragma once

#include "cost/costs.hpp"
#include "forms/stored.hpp"
#include "octet/quantize.hpp"

namespace octet::plan {

struct Wishes {
  forms::Choice choice;
  forms::StorageWish storage;
  cost::Costs costs;
};

// Throws Error{invalid_argument} naming the option and what it may be.
[[nodiscard]] Wishes wishes_of(const octet::PlanOptions& options);

}  // namespace octet::plan
