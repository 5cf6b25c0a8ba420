// How much a trained model's file may make of itself, whoever wrote it.
#pragma once

#include <cstdint>

namespace octet::trained {

struct Limits {
  std::uint64_t unpacked_bytes = std::uint64_t{8} << 30U;
  // Of a compressed file; what is smaller than `always_bytes` unpacked is let through.
  std::uint64_t ratio = 200;
  std::uint64_t always_bytes = std::uint64_t{64} << 20U;
  std::uint64_t records = std::uint64_t{64} << 20U;
  std::uint64_t arrays = std::uint64_t{4} << 20U;
  std::uint64_t memo = std::uint64_t{16} << 20U;
  std::uint64_t stack = std::uint64_t{1} << 20U;
  std::uint64_t marks = 100'000;
};

}  // namespace octet::trained
