#include "quant/saturation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "quant/weights_test.hpp"

namespace octet::quant {
namespace {

using Activations = std::vector<std::uint8_t>;

std::int32_t exact(const Activations& a, const std::int8_t* w, std::size_t stride) {
  std::int32_t sum = 0;
  for (std::size_t k = 0; k < a.size(); ++k) sum += a[k] * w[k * stride];
  return sum;
}

// What vpmaddubsw and vpmaddwd do to one column: neighbouring products are added in 16 bits,
// saturating.
std::int32_t as_avx2(const Activations& a, const std::int8_t* w, std::size_t stride) {
  std::int32_t sum = 0;
  for (std::size_t k = 0; k < a.size(); k += 2) {
    const int even = a[k] * w[k * stride];
    const int odd = k + 1 < a.size() ? a[k + 1] * w[(k + 1) * stride] : 0;
    sum += std::clamp(even + odd, -32768, 32767);
  }
  return sum;
}

// Activations that push hardest, and random ones.
std::vector<Activations> activations_for(const std::int8_t* w, std::size_t rows,
                                         std::size_t stride) {
  std::vector<Activations> all = {Activations(rows, 255), Activations(rows, 0), Activations(rows),
                                  Activations(rows), Activations(rows)};
  std::mt19937 random(3);
  for (std::size_t k = 0; k < rows; ++k) {
    all[2][k] = w[k * stride] > 0 ? 255 : 0;
    all[3][k] = w[k * stride] < 0 ? 255 : 0;
    all[4][k] = static_cast<std::uint8_t>(random());
  }
  return all;
}

std::size_t wrong_products(const Quantized& weights, std::size_t rows, std::size_t columns) {
  std::size_t wrong = 0;
  for (std::size_t n = 0; n < columns; ++n) {
    const std::int8_t* column = weights.q() + n;
    for (const auto& a : activations_for(column, rows, columns)) {
      if (exact(a, column, columns) != as_avx2(a, column, columns)) ++wrong;
    }
  }
  return wrong;
}

TEST(Saturation, NeverChangesAProductUnderThePairRule) {
  for (std::uint32_t seed = 0; seed < 12; ++seed) {
    const std::size_t rows = 60 + seed;
    const auto weights = weights_of(rows * 20, seed, static_cast<Shape>(seed % 3));
    for (const Range range : {Range::pair, Range::reduced}) {
      EXPECT_EQ(wrong_products(quantize(row_major(weights, 20), {.range = range}), rows, 20), 0u);
    }
  }
}

TEST(Saturation, DoesChangeProductsOfTheFullRange) {
  const auto weights = weights_of(64 * 20, 1, Shape::lattice);
  const auto raw = quantize(row_major(weights, 20), {.range = Range::full});
  EXPECT_GT(wrong_products(raw, 64, 20), 20u);
  EXPECT_TRUE(can_saturate(raw.q(), 64, 20, 20, 1));
}

TEST(Saturation, IsPossibleExactlyAbove128) {
  for (int w0 = -128; w0 <= 127; ++w0) {
    for (int w1 = -128; w1 <= 127; ++w1) {
      const std::int8_t pair[] = {static_cast<std::int8_t>(w0), static_cast<std::int8_t>(w1)};
      bool overflows = false;
      for (const auto& a : {Activations{255, 255}, Activations{255, 0}, Activations{0, 255}}) {
        overflows = overflows || exact(a, pair, 1) != as_avx2(a, pair, 1);
      }
      // -129 * 255 and -128 * 255 straddle the lower end as 128 and 129 straddle the upper.
      ASSERT_EQ(can_saturate(pair, 2, 1, 1, 1), overflows) << w0 << ' ' << w1;
    }
  }
}

TEST(Saturation, LooksAtRowsInPairsFromTheTopOfEachColumn) {
  const std::int8_t rows_1_and_2[] = {0, 127, 127, 0,
                                      127};  // 127 + 127 are not a pair; the last is alone
  EXPECT_FALSE(can_saturate(rows_1_and_2, 5, 1, 1, 1));
  const std::int8_t second_column[] = {0, 100, 0, 100};
  EXPECT_TRUE(can_saturate(second_column, 2, 2, 2, 1));
  EXPECT_FALSE(can_saturate(second_column, 2, 2, 1, 2));
}

}  // namespace
}  // namespace octet::quant
