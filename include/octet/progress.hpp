// Progress and cancellation by callback: the library never prints.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace octet {

struct Progress {
  std::string_view stage;   // "quantize", "prove", "measure", … ; valid during the call only
  std::uint64_t done = 0;   // in the stage's own unit (bytes, rows, rounds)
  std::uint64_t total = 0;  // 0: not known
  bool is_bytes = false;    // what done and total count
};

// Called from the thread that called the library, or from one of its workers, never from two at
// once. Returning false asks to stop: the running call throws Error{cancelled} and leaves nothing
// behind. Empty: no progress, no cancelling.
using ProgressCallback = std::function<bool(const Progress&)>;

}  // namespace octet
