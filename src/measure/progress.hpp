// Progress out, cancellation in.
#pragma once

#include <cstdint>
#include <string_view>

#include "octet/error.hpp"
#include "octet/progress.hpp"

namespace octet::measure {

// Throws Error{cancelled} when the callback asks to stop.
inline void report(const octet::ProgressCallback& callback, std::string_view stage,
                   std::uint64_t done, std::uint64_t total) {
  if (callback && !callback({stage, done, total})) {
    throw Error(ErrorCode::cancelled, "stopped on request");
  }
}

}  // namespace octet::measure
