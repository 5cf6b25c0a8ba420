// An exported model's answers against the predictor's.
//
// How close is close enough depends on the row: a float32 model cannot decide a row that stands on
// a threshold of its own rounding, nor keep digits that cancel. What float32 can know of a row is
// found by asking the predictor again with noise of a few rounding steps in every number that the
// exported model rounds. Answers may be apart by the tolerance, and by a few times as much as the
// noise moves them; rows that the noise moves beyond the tolerance are counted apart.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/tensor.hpp"
#include "runtime/session.hpp"
#include "steps/predictor.hpp"

namespace octet::exporting {

struct Agreement {
  std::size_t rows = 0;
  std::size_t unstable_rows = 0;  // whose answer noise moves beyond the tolerance
  std::size_t wrong_rows = 0;
  double max_difference = 0;  // of numbers, relative to 1 + |reference|, over stable rows
  std::string first_wrong;    // "row 7: probabilities[1] is 0.3, not 0.4"
};

struct ProofOptions {
  double tolerance = 1e-5;  // relative to 1 + |reference|
  bool all_double = false;
};

[[nodiscard]] Agreement compare(const steps::Program& program, const steps::Precisions& precisions,
                                const steps::Rows& rows, const runtime::Session& session,
                                const ProofOptions& options);

}  // namespace octet::exporting
