// Subnormal numbers taken for zero by this thread, while the object lives.
#pragma once

#include <cstdint>

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace octet::base {

class FlushSubnormals {
 public:
  explicit FlushSubnormals(bool flush) : flush_(flush), before_(mode()) {
    if (flush_) set_mode(before_ | flushing);
  }
  FlushSubnormals(const FlushSubnormals&) = delete;
  FlushSubnormals& operator=(const FlushSubnormals&) = delete;
  ~FlushSubnormals() {
    if (flush_) set_mode(before_);
  }

 private:
#if defined(__x86_64__)
  static constexpr std::uint64_t flushing = 0x8040;  // MXCSR: results and operands
  static std::uint64_t mode() {
    return _mm_getcsr();
  }
  static void set_mode(std::uint64_t value) {
    _mm_setcsr(static_cast<unsigned>(value));
  }
#elif defined(__aarch64__)
  static constexpr std::uint64_t flushing = std::uint64_t{1} << 24U;  // FPCR.FZ
  static std::uint64_t mode() {
    std::uint64_t out = 0;
    asm volatile("mrs %0, fpcr" : "=r"(out));
    return out;
  }
  static void set_mode(std::uint64_t value) {
    asm volatile("msr fpcr, %0" : : "r"(value));
  }
#else
  static constexpr std::uint64_t flushing = 0;
  static std::uint64_t mode() {
    return 0;
  }
  static void set_mode(std::uint64_t) {}
#endif

  bool flush_;
  std::uint64_t before_;
};

}  // namespace octet::base
