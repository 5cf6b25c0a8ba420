// Whether rows that are fed together are answered as if each were fed alone.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "data/inputs.hpp"
#include "runtime/session.hpp"

namespace octet::trial {

// False when ONNX Runtime refuses it.
[[nodiscard]] bool runs(const runtime::Session& session, const data::Feed& feed);

// The largest difference of a floating element between `together`, one call, and the same rows in
// the calls of `apart`. nullopt when the two do not answer row by row (an output without a row
// each), or when one of the calls fails.
struct Apart {
  double max_abs_diff = 0;
  double max_abs = 0;  // of the answers
};
[[nodiscard]] std::optional<Apart> together_and_apart(const runtime::Session& session,
                                                      const data::Feed& together,
                                                      const std::vector<data::Feed>& apart);

}  // namespace octet::trial
