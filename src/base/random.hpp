// Random numbers that are the same on every machine: integer arithmetic only, no std distribution,
// no libm.
#pragma once

#include <cstdint>
#include <string_view>

namespace octet::base {

// splitmix64 (Steele, Lea, Flood 2014).
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  // A stream of its own for each name, so that adding a name changes no other.
  Random(std::uint64_t seed, std::string_view stream) : state_(seed) {
    std::uint64_t hash = 0xcbf29ce484222325U;  // FNV-1a
    for (const char c : stream) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    state_ = next() ^ hash;
  }

  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15U;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31U);
  }

  // [0, 1), a multiple of 2^-53.
  double uniform() { return static_cast<double>(next() >> 11U) * 0x1p-53; }

  // [0, count); the bias of the remainder is below count / 2^64. 0: all 64 bits.
  std::uint64_t below(std::uint64_t count) { return count == 0 ? next() : next() % count; }

  // Mean 0, variance 1: the sum of twelve 16-bit numbers has variance 2^32 - 1. Within ±6, exact in
  // a float.
  float normal() {
    std::uint64_t sum = 0;
    for (int draw = 0; draw < 3; ++draw) {
      const std::uint64_t bits = next();
      for (unsigned shift = 0; shift < 64; shift += 16) sum += (bits >> shift) & 0xffffU;
    }
    constexpr std::int64_t mean = 12 * 0xffff / 2;
    return static_cast<float>(static_cast<std::int64_t>(sum) - mean) * 0x1p-16F;
  }

 private:
  std::uint64_t state_;
};

}  // namespace octet::base
