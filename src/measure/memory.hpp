// Memory of this process, as the kernel counts it (Linux; elsewhere everything is 0).
#pragma once

#include <cstdint>

namespace octet::measure {

// Growth of the peak resident set since its construction. The kernel's high-water mark is reset at
// the start; where it may not be (some containers), only growth beyond the earlier peak is seen,
// which in a fresh process is the same. Freed memory is given back to the system first, so that
// what an earlier user left in the allocator does not hide growth; that is not perfect, and only a
// process of its own gives exact numbers.
class PeakMemory {
 public:
  PeakMemory();
  [[nodiscard]] std::uint64_t growth_bytes() const;

 private:
  std::uint64_t start_ = 0;
};

}  // namespace octet::measure
