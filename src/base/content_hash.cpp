// Blocks of 1 MiB are hashed apart, in four lanes, by the rounds of xxHash64; their sum does not
// care who was done first.
#include "base/content_hash.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstring>

#include "base/parallel.hpp"

namespace octet::base {
namespace {

constexpr std::size_t block = std::size_t{1} << 20U;
constexpr std::uint64_t prime_1 = 0x9e3779b185ebca87;
constexpr std::uint64_t prime_2 = 0xc2b2ae3d27d4eb4f;

std::uint64_t round(std::uint64_t lane, std::uint64_t word) {
  return std::rotl(lane + word * prime_2, 31) * prime_1;
}

std::uint64_t finished(std::uint64_t hash) {
  hash = (hash ^ (hash >> 33U)) * prime_2;
  hash = (hash ^ (hash >> 29U)) * prime_1;
  return hash ^ (hash >> 32U);
}

// Little-endian, as every machine Octet runs on has it.
std::uint64_t hash_block(std::span<const std::byte> bytes, std::uint64_t seed) {
  std::array<std::uint64_t, 4> lanes = {seed, seed + prime_1, seed ^ prime_2, ~seed};
  std::array<std::uint64_t, 4> words{};
  std::size_t at = 0;
  for (; at + sizeof words <= bytes.size(); at += sizeof words) {
    std::memcpy(words.data(), bytes.data() + at, sizeof words);
    for (std::size_t i = 0; i < lanes.size(); ++i) lanes[i] = round(lanes[i], words[i]);
  }
  words = {};
  if (at < bytes.size()) std::memcpy(words.data(), bytes.data() + at, bytes.size() - at);
  std::uint64_t out = bytes.size();
  for (std::size_t i = 0; i < lanes.size(); ++i) out = round(out, round(lanes[i], words[i]));
  return finished(out);
}

}  // namespace

std::uint64_t content_hash(std::span<const std::byte> bytes, unsigned threads) {
  std::atomic<std::uint64_t> sum{bytes.size()};
  parallel_for((bytes.size() + block - 1) / block, threads, [&](std::size_t i) {
    sum += hash_block(bytes.subspan(i * block, std::min(block, bytes.size() - i * block)), i);
  });
  return finished(sum);
}

}  // namespace octet::base
