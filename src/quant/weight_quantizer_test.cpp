#include "quant/weight_quantizer.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "octet/error.hpp"
#include "quant/error.hpp"
#include "quant/saturation.hpp"
#include "quant/weights_test.hpp"

namespace octet::quant {
namespace {

constexpr Encoding full{.range = Range::full};
constexpr Encoding full_tensor{.range = Range::full, .granularity = Granularity::per_tensor};
constexpr float tiny = std::numeric_limits<float>::min();
constexpr float huge = std::numeric_limits<float>::max();

// --- the numbers of quantize_dynamic, symmetric int8 ---

TEST(FullRange, GivesQuantizeDynamicsNumbersPerTensor) {
  const std::vector<float> ties = {127, .5f, 1.5f, 2.5f};
  const auto result = quantize(row_major(ties, 2), full_tensor);
  EXPECT_EQ(result.scales[0], 1.0f);
  EXPECT_EQ(result.numbers(), (std::vector<int>{127, 0, 2, 2}));

  const std::vector<float> small = {1.5e-36f, 2e-37f, 3e-38f, 1e-40f};
  const auto kept = quantize(row_major(small, 1), full_tensor);
  EXPECT_EQ(kept.scales[0], static_cast<float>(static_cast<double>(1.5e-36f) / 127));
  EXPECT_EQ(kept.numbers(), (std::vector<int>{127, 17, 3, 0}));

  const std::vector<float> too_small = {1e-38f, 2e-38f, 3e-39f, 1e-40f};
  const auto lost = quantize(row_major(too_small, 1), full_tensor);
  EXPECT_EQ(lost.scales[0], 1.0f);
  EXPECT_EQ(lost.numbers(), (std::vector<int>{0, 0, 0, 0}));
}

TEST(FullRange, GivesQuantizeDynamicsNumbersPerChannel) {
  const std::vector<float> weights = {0, 1, 0, 2};
  const auto result = quantize(row_major(weights, 2), full);
  EXPECT_EQ(result.scales, (std::vector<float>{1, static_cast<float>(2.0 / 127)}));
  EXPECT_EQ(result.numbers(), (std::vector<int>{0, 64, 0, 127}));
}

TEST(FullRange, DividesAsTheReferenceDoes) {
  const auto weights = weights_of(301 * 7, 1);
  const auto result = quantize(row_major(weights, 7), full);
  for (std::size_t n = 0; n < 7; ++n) {
    float largest = 0;
    for (std::size_t k = 0; k < 301; ++k) {
      largest = std::max(largest, std::fabs(weights[k * 7 + n]));
    }
    const float scale = static_cast<float>(static_cast<double>(largest + largest) / 254.0);
    ASSERT_EQ(result.scales[n], scale);
    for (std::size_t k = 0; k < 301; ++k) {
      ASSERT_EQ(result.q()[k * 7 + n], std::nearbyint(weights[k * 7 + n] / scale));
    }
  }
}

TEST(ReducedRange, StaysWithinSevenBits) {
  const std::vector<float> weights = {1, -2, 3, .5f, -4, 0};
  const auto result = quantize(row_major(weights, 1), {.range = Range::reduced});
  EXPECT_EQ(result.scales[0], 4.0f / 64);
  EXPECT_EQ(result.numbers(), (std::vector<int>{16, -32, 48, 8, -64, 0}));
}

TEST(Uint8, IsTheFullRangeAroundAZeroPointOf128) {
  const auto weights = weights_of(90, 2);
  for (const Range range : {Range::full, Range::pair}) {
    const auto shifted = quantize(row_major(weights, 5), {.kind = Kind::uint8, .range = range});
    const auto plain = quantize(row_major(weights, 5), full);
    EXPECT_EQ(shifted.scales, plain.scales);
    for (std::size_t i = 0; i < weights.size(); ++i) {
      ASSERT_EQ(static_cast<int>(shifted.bytes[i]), plain.q()[i] + 128);
    }
  }
}

// --- special weights, in every range ---

TEST(SpecialWeights, HaveDefinedNumbersInEveryRange) {
  constexpr float nan = std::numeric_limits<float>::quiet_NaN();
  constexpr float infinity = std::numeric_limits<float>::infinity();
  for (const Range range : {Range::full, Range::pair, Range::reduced}) {
    const int top = range == Range::reduced ? 64 : 127;
    const auto of = [&](const std::vector<float>& column) {
      const auto result = quantize(row_major(column, 1), {.range = range});
      EXPECT_TRUE(std::isnormal(result.scales[0]) && result.scales[0] > 0);
      return result;
    };
    EXPECT_EQ(of({0, -0.0f, 0}).numbers(), (std::vector<int>{0, 0, 0}));
    EXPECT_EQ(of({0, 0}).scales[0], 1);
    EXPECT_EQ(of({tiny / 4, -tiny}).numbers(), (std::vector<int>{0, 0}));
    EXPECT_EQ(of({5}).numbers(), (std::vector<int>{top}));
    EXPECT_EQ(of({-5}).numbers(), (std::vector<int>{-top}));
    EXPECT_EQ(of({huge, -huge}).numbers(), (std::vector<int>{top, -top}));
    EXPECT_EQ(of({tiny * 127, 0}).numbers(), (std::vector<int>{top, 0}));
    EXPECT_EQ(of({nan, 3, 0, nan}).numbers(), (std::vector<int>{0, top, 0, 0}));
    EXPECT_EQ(of({infinity, -infinity, 1}).numbers(), (std::vector<int>{top, -top, 0}));
  }
  const std::vector<float> constant = {2, 2, 2,
                                       2};  // 64 steps each: the scale at which nothing is cut
  EXPECT_EQ(quantize(row_major(constant, 1)).numbers(), (std::vector<int>{64, 64, 64, 64}));
  const std::vector<float> huge_pair = {huge, huge};
  EXPECT_EQ(quantize(row_major(huge_pair, 1)).numbers(), (std::vector<int>{64, 64}));
}

TEST(SpecialWeights, AnEmptyMatrixWritesNothing) {
  EXPECT_TRUE(quantize({nullptr, 0, 0, 1, 1}).bytes.empty());
  EXPECT_EQ(quantize({nullptr, 0, 3, 1, 1}).scales, (std::vector<float>{1, 1, 1}));
  EXPECT_EQ(tensor_scale({nullptr, 4, 0, 1, 1}, {}, 1), 1);
}

TEST(Multiplier, QuantizesTheProductInFloat32) {
  const auto weights = weights_of(33 * 18, 4);
  for (const float multiplier : {0.3f, -1.0f, 0.0f}) {
    auto scaled = weights;
    for (float& weight : scaled) weight *= multiplier;
    for (const Encoding& encoding : {Encoding{}, full, full_tensor}) {
      EXPECT_EQ(quantize(row_major(weights, 18), encoding, multiplier),
                quantize(row_major(scaled, 18), encoding));
    }
  }
}

// --- the pair rule ---

TEST(PairRule, HoldsForEveryShapeAndDistribution) {
  for (std::uint32_t seed = 0; seed < 60; ++seed) {
    const std::size_t rows = 1 + seed * 13 % 71;
    const std::size_t columns = 1 + seed * 7 % 37;
    const auto weights = weights_of(rows * columns, seed, static_cast<Shape>(seed % 3));
    for (const auto granularity : {Granularity::per_channel, Granularity::per_tensor}) {
      const auto result = quantize(row_major(weights, columns), {.granularity = granularity});
      ASSERT_FALSE(
          can_saturate(result.q(), rows, columns, static_cast<std::ptrdiff_t>(columns), 1));
      for (const int q : result.numbers()) ASSERT_LE(std::abs(q), 127);
    }
  }
}

TEST(PairRule, KeepsThePlainScaleWhereNothingViolates) {
  const std::vector<float> weights = {127, 1, -100, 28, 60, -127};
  const auto result = quantize(row_major(weights, 1));
  EXPECT_EQ(result.scales[0], 1);
  EXPECT_EQ(result.numbers(), (std::vector<int>{127, 1, -100, 28, 60, -127}));
}

double relative_error(const std::vector<float>& weights, std::size_t columns,
                      const Encoding& encoding) {
  const auto in = row_major(weights, columns);
  auto result = quantize(in, encoding);
  ColumnError all;
  for (std::size_t n = 0; n < columns; ++n) {
    const ByteMatrix bytes{result.bytes.data(), static_cast<std::ptrdiff_t>(columns), 1};
    const float scale = result.scales[encoding.granularity == Granularity::per_tensor ? 0 : n];
    const auto error = column_error(in, n, 1, bytes, encoding.kind, scale);
    all.squared += error.squared;
    all.energy += error.energy;
  }
  return std::sqrt(all.squared / all.energy);
}

TEST(PairRule, LosesLessThanSevenBitsAndNotMuchAgainstFull) {
  for (const Shape shape : {Shape::normal, Shape::student}) {
    const auto weights = weights_of(768 * 32, 21, shape);
    const double pair = relative_error(weights, 32, {});
    EXPECT_LT(pair, 0.85 * relative_error(weights, 32, {.range = Range::reduced}));
    EXPECT_LT(pair, 1.45 * relative_error(weights, 32, full));
  }
}

TEST(PairRule, FindsAScaleNearTheBestOfManyForATensorToo) {
  const auto weights = weights_of(64 * 40, 5);
  const Encoding encoding{.granularity = Granularity::per_tensor};
  const auto in = row_major(weights, 40);
  const double found = relative_error(weights, 40, encoding);
  const float plain = tensor_scale(in, full_tensor, 1);
  for (int percent = 60; percent <= 200; ++percent) {
    Quantized other{std::vector<std::byte>(weights.size()),
                    {plain * static_cast<float>(percent) / 100}};
    const ByteMatrix out{other.bytes.data(), 40, 1};
    quantize_columns(in, 0, 40, encoding, 1, out, other.scales.data());
    ColumnError all;
    for (std::size_t n = 0; n < 40; ++n) {
      const auto error = column_error(in, n, 1, out, encoding.kind, other.scales[0]);
      all.squared += error.squared;
      all.energy += error.energy;
    }
    ASSERT_LT(found, 1.03 * std::sqrt(all.squared / all.energy)) << percent;
  }
}

// --- one result, whatever the way there ---

TEST(Bytes, AreTheSameFromEveryLayoutSplitAndThreadCount) {
  for (const Encoding& encoding : {Encoding{}, full, Encoding{.range = Range::reduced},
                                   Encoding{.granularity = Granularity::per_tensor}}) {
    for (const auto& [rows, columns] : std::vector<std::pair<std::size_t, std::size_t>>{
             {1, 1}, {2, 16}, {7, 15}, {64, 33}, {259, 48}, {513, 5}}) {
      const auto weights = weights_of(rows * columns, 9, Shape::student);
      const auto in = row_major(weights, columns);
      const auto expected = quantize(in, encoding);

      std::vector<float> transposed(weights.size() + 1);
      float* misaligned = reinterpret_cast<float*>(reinterpret_cast<char*>(transposed.data()) + 1);
      for (std::size_t i = 0; i < weights.size(); ++i) {
        std::memcpy(static_cast<void*>(misaligned + (i % columns) * rows + i / columns),
                    &weights[i], sizeof(float));
      }
      const MatrixView across{misaligned, rows, columns, 1, static_cast<std::ptrdiff_t>(rows)};
      EXPECT_EQ(quantize(across, encoding), expected);

      std::vector<float> wide(weights.size() * 3);
      for (std::size_t i = 0; i < weights.size(); ++i) wide[i * 3] = weights[i];
      const MatrixView strided{wide.data(), rows, columns, static_cast<std::ptrdiff_t>(columns * 3),
                               3};
      EXPECT_EQ(quantize(strided, encoding), expected);

      Quantized split{std::vector<std::byte>(weights.size()), expected.scales};
      const ByteMatrix out{split.bytes.data(), 1, static_cast<std::ptrdiff_t>(rows)};
      for (std::size_t n = 0; n < columns; n += 3) {
        quantize_columns(in, n, std::min(columns, n + 3), encoding, 1, out, split.scales.data());
      }
      EXPECT_EQ(split.scales, expected.scales);
      for (std::size_t i = 0; i < weights.size(); ++i) {
        ASSERT_EQ(split.bytes[(i % columns) * rows + i / columns], expected.bytes[i]);
      }
      EXPECT_EQ(tensor_scale(across, encoding, 1, 2), tensor_scale(in, encoding, 1, 1));
    }
  }
}

TEST(Bytes, OfColumnsTooLongForTheScratchAreTheSame) {
  // 33000 rows are packed in three stretches, again for every pass.
  const std::size_t rows = 33001;
  const auto weights = weights_of(rows * 2, 3);
  const auto both = quantize(row_major(weights, 2));
  std::vector<float> second(rows);
  for (std::size_t k = 0; k < rows; ++k) second[k] = weights[k * 2 + 1];
  const auto alone = quantize(row_major(second, 1));
  EXPECT_EQ(alone.scales[0], both.scales[1]);
  for (std::size_t k = 0; k < rows; ++k) ASSERT_EQ(alone.bytes[k], both.bytes[k * 2 + 1]);
  EXPECT_FALSE(can_saturate(both.q(), rows, 2, 2, 1));
}

TEST(Arguments, OutsideTheContractAreRefused) {
  const std::vector<float> weights(4, 1);
  std::vector<std::byte> bytes(4);
  std::vector<float> scales(2);
  const ByteMatrix out{bytes.data(), 2, 1};
  EXPECT_THROW(quantize_columns(row_major(weights, 2), 1, 3, {}, 1, out, scales.data()), Error);
  EXPECT_THROW(quantize_columns(row_major(weights, 2), 2, 1, {}, 1, out, scales.data()), Error);
  for (const float bad : {0.0f, -1.0f, tiny / 2, std::numeric_limits<float>::infinity()}) {
    scales[0] = bad;
    EXPECT_THROW(quantize_columns(row_major(weights, 2), 0, 2, full_tensor, 1, out, scales.data()),
                 Error);
  }
}

}  // namespace
}  // namespace octet::quant
