// Whether a runtime's integer products saturate: the proof that masking a CPU took effect.
#pragma once

#include <memory>

#include "runtime/session.hpp"

namespace octet::bench {

// Runs one MatMulInteger whose pairs of products, 255·127 + 255·127, do not fit 16 bits. Throws
// Error{runtime_failed}.
[[nodiscard]] bool saturates(const std::shared_ptr<const runtime::Library>& library);

}  // namespace octet::bench
