// One storage for a weight that several nodes read.
#pragma once

#include <optional>
#include <vector>

#include "forms/form.hpp"

namespace octet::plan {

// What one reader wants of a weight.
struct Wanted {
  const forms::Form* form = nullptr;
  forms::Storage storage;
};

// The storage that serves the most valued reader (dynamic_matmul before embedding_rows before
// folded), in an orientation that suits the others too. nullopt when no reader wants any.
[[nodiscard]] std::optional<forms::Storage> choose_storage(const std::vector<Wanted>& readers);

// A reader can use the weight stored like this; a folded reader always can.
[[nodiscard]] bool serves(const forms::Storage& stored, const Wanted& reader);

}  // namespace octet::plan
