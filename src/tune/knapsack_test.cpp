// The packing against trying everything.
#include "tune/knapsack.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace octet::tuning {
namespace {

Parts random_parts(std::uint64_t seed, std::size_t count) {
  base::Random random(seed);
  Parts out;
  for (std::size_t p = 0; p < count; ++p) {
    Part part;
    const std::uint64_t size = 100 + random.below(900);
    part.choices.resize(4);
    part.choices[0] = {{}, 0, size * 4, 10 + random.uniform(), 0};
    part.choices[1] = {{}, 0, size, 3 + 9 * random.uniform(), random.uniform() * 1e-3};
    part.choices[2] = {{}, 0, size, 10 + random.uniform(), random.uniform() * 3e-4};
    part.choices[3] = {{}, 0, size * 2, 10 + random.uniform(), 1e-7};
    out.parts.push_back(part);
  }
  return out;
}

double best_of_all(const Parts& parts, const Bounds& bounds) {
  double best = std::numeric_limits<double>::infinity();
  Selection selection(parts.parts.size(), 0);
  for (;;) {
    const Sums sums = sums_of(parts, selection);
    if (sums.error <= bounds.error && sums.bytes <= bounds.bytes)
      best = std::min(best, sums.time_us);
    std::size_t p = 0;
    while (p < selection.size() && ++selection[p] == 4) selection[p++] = 0;
    if (p == selection.size()) return best;
  }
}

TEST(Knapsack, ComesWithinFourPercentOfTryingEverything) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Parts parts = random_parts(seed, 6);
    Bounds bounds;
    bounds.error = 1.2e-3;
    bounds.bytes = 0.6 * sums_of(parts, Selection(6, 0)).bytes;
    const auto found = pack(parts, Objective::latency, bounds);
    ASSERT_TRUE(found) << seed;
    const Sums sums = sums_of(parts, *found);
    EXPECT_LE(sums.error, bounds.error);
    EXPECT_LE(sums.bytes, bounds.bytes);
    EXPECT_LE(sums.time_us, 1.04 * best_of_all(parts, bounds)) << seed;
  }
}

TEST(Knapsack, WithoutBoundsTakesTheLeastOfEach) {
  const Parts parts = random_parts(1, 5);
  const auto found = pack(parts, Objective::error, {});
  ASSERT_TRUE(found);
  EXPECT_EQ(*found, Selection(5, 0));
}

TEST(Knapsack, SaysWhenNothingFits) {
  Bounds bounds;
  bounds.bytes = 1;
  EXPECT_FALSE(pack(random_parts(1, 5), Objective::latency, bounds));
}

}  // namespace
}  // namespace octet::tuning
