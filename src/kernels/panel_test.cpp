#include <cstring>
#include <limits>
#include <random>
#include <vector>

#include "kernels/every_target_test.hpp"
#include "kernels/scalar.hpp"

namespace octet::kernels {
namespace {

// Panels of clean values: gaussian with outliers, so that the pair rule has work to do, and exact
// ties.
std::vector<float> panel_of(std::size_t rows, std::uint32_t seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> gauss(0, 40);
  std::vector<float> panel(rows * panel_width);
  for (float& value : panel) {
    value = gauss(random);
    if (random() % 5 == 0) value = std::nearbyint(value) + 0.5f;
    if (random() % 61 == 0) value *= 5;
    if (random() % 97 == 0) value = -0.0f;
    if (random() % 301 == 0) value = 1e-42f;
  }
  return panel;
}

std::vector<float> inverses_of(std::size_t candidates) {
  std::vector<float> inverses(candidates * panel_width);
  for (std::size_t i = 0; i < inverses.size(); ++i) {
    inverses[i] = i % panel_width == 0 ? 1.0f : 0.5f + static_cast<float>(i % 37) * 0.05f;
  }
  return inverses;
}

template <typename T>
void expect_same_bytes(const std::vector<T>& a, const std::vector<T>& b) {
  ASSERT_EQ(a.size(), b.size());
  if (a.empty()) return;  // memcmp may not be given null
  ASSERT_EQ(std::memcmp(a.data(), b.data(), a.size() * sizeof(T)), 0);
}

const std::vector<std::size_t> row_counts = {0, 2, 6, 254, 256, 258, 600};

TEST(Panel, PackingCleansAndEqualsTheScalarTwin) {
  on_every_target([] {
    std::mt19937 random(7);
    std::vector<float> in(40 * 23 + 1);
    for (float& value : in) value = std::bit_cast<float>(static_cast<std::uint32_t>(random()));
    for (const float multiplier : {1.0f, -0.25f, 1e30f, std::numeric_limits<float>::infinity()}) {
      std::vector<float> panel(40 * panel_width), expected(40 * panel_width);
      pack_rows(in.data() + 1, 23, 40, multiplier, panel.data());
      scalar::pack_rows(in.data() + 1, 23, 40, multiplier, expected.data());
      expect_same_bytes(panel, expected);
      EXPECT_TRUE(all_finite(panel));
    }
  });
}

TEST(Panel, PackingSeveralSideBySideIsPackingEach) {
  on_every_target([] {
    std::mt19937 random(8);
    constexpr std::size_t columns = 3 * panel_width + 5;
    std::vector<float> in(20 * columns);
    for (float& value : in) value = std::bit_cast<float>(static_cast<std::uint32_t>(random()));
    const Panels three{3, 21 * panel_width};
    std::vector<float> panels(3 * three.stride, 7), twin(3 * three.stride, 7);
    pack_rows(in.data(), columns, 20, 0.5F, panels.data(), three);
    scalar::pack_rows(in.data(), columns, 20, 0.5F, twin.data(), three);
    expect_same_bytes(panels, twin);
    for (std::size_t p = 0; p < 3; ++p) {
      std::vector<float> one(three.stride, 7);
      pack_rows(in.data() + p * panel_width, columns, 20, 0.5F, one.data());
      expect_same_bytes(one, std::vector<float>(panels.begin() + p * three.stride,
                                                panels.begin() + (p + 1) * three.stride));
    }
  });
}

TEST(Panel, PackingInPlaceIsAllowed) {
  on_every_target([] {
    auto panel = panel_of(10, 3);
    auto expected = panel;
    pack_rows(panel.data(), panel_width, 10, -2, panel.data());
    for (float& value : expected) value *= -2;
    expect_same_bytes(panel, expected);
  });
}

TEST(Panel, TransposingCopiesBits) {
  on_every_target([] {
    std::mt19937 random(9);
    for (const std::size_t rows : {1u, 4u, 7u, 64u}) {
      const std::size_t stride = rows + 3;
      std::vector<float> in(stride * panel_width);
      for (float& value : in) value = std::bit_cast<float>(static_cast<std::uint32_t>(random()));
      std::vector<float> panel(rows * panel_width), expected(rows * panel_width);
      pack_columns(in.data(), static_cast<std::ptrdiff_t>(stride), rows, panel.data());
      scalar::pack_columns(in.data(), static_cast<std::ptrdiff_t>(stride), rows, expected.data());
      expect_same_bytes(panel, expected);
    }
  });
}

TEST(Panel, MaximaEqualTheScalarTwin) {
  on_every_target([] {
    for (const std::size_t rows : row_counts) {
      const auto panel = panel_of(rows, 11);
      const auto inverses = inverses_of(1);
      std::vector<float> out(panel_width, 1), expected(panel_width, 1);
      panel_max_abs(panel.data(), rows, out.data());
      scalar::panel_max_abs(panel.data(), rows, expected.data());
      expect_same_bytes(out, expected);
      panel_max_pair_sum(panel.data(), rows, inverses.data(), out.data());
      scalar::panel_max_pair_sum(panel.data(), rows, inverses.data(), expected.data());
      expect_same_bytes(out, expected);
    }
  });
}

TEST(Panel, PairErrorsEqualTheScalarTwinToTheLastBit) {
  on_every_target([] {
    for (const std::size_t rows : row_counts) {
      const auto panel = panel_of(rows, 13);
      for (const std::size_t candidates : {1u, 5u}) {
        const auto inverses = inverses_of(candidates);
        std::vector<double> out(candidates * panel_width, 0.1), expected(out);
        panel_pair_errors(panel.data(), rows, inverses.data(), candidates, out.data());
        scalar::panel_pair_errors(panel.data(), rows, inverses.data(), candidates, expected.data());
        expect_same_bytes(out, expected);
      }
    }
  });
}

TEST(Panel, QuantizedBytesEqualTheScalarTwin) {
  on_every_target([] {
    for (const std::size_t rows : row_counts) {
      const auto panel = panel_of(rows, 17);
      const auto numbers = inverses_of(1);
      std::vector<std::byte> out(rows * panel_width), expected(rows * panel_width);
      panel_quantize_pairs(panel.data(), rows, numbers.data(), out.data());
      scalar::panel_quantize_pairs(panel.data(), rows, numbers.data(), expected.data());
      expect_same_bytes(out, expected);
      for (const int offset : {0, 128}) {
        panel_quantize(panel.data(), rows, numbers.data(), 127, offset, out.data());
        scalar::panel_quantize(panel.data(), rows, numbers.data(), 127, offset, expected.data());
        expect_same_bytes(out, expected);
      }
    }
  });
}

TEST(RoundPair, GivesTheNearestPairUnderTheRule) {
  // Brute force over all pairs on a grid of quarter steps, ties and clipped values included.
  for (int a = -560; a <= 560; a += 7) {
    for (int b = -560; b <= 560; b += 5) {
      const float t0 = static_cast<float>(a) / 4;
      const float t1 = static_cast<float>(b) / 4;
      const auto q = scalar::round_pair(t0, t1);
      ASSERT_LE(std::fabs(q.q0 + q.q1), 128) << t0 << ' ' << t1;
      ASSERT_LE(std::max(std::fabs(q.q0), std::fabs(q.q1)), 127);
      const auto cost = [&](float q0, float q1) {
        return (q0 - t0) * (q0 - t0) + (q1 - t1) * (q1 - t1);
      };
      const auto alone = scalar::round_alone(t0, t1);
      if (std::fabs(alone.q0 + alone.q1) <= 128) {
        ASSERT_EQ(q.q0, alone.q0);
        ASSERT_EQ(q.q1, alone.q1);
        continue;
      }
      const float line = std::copysign(128.0f, t0);
      for (float other = -127; other <= 127; ++other) {
        if (std::fabs(line - other) > 127) continue;
        ASSERT_LE(cost(q.q0, q.q1), cost(other, line - other)) << t0 << ' ' << t1;
      }
    }
  }
}

TEST(RoundPair, StaysDefinedOnHugeValues) {
  const float huge = std::numeric_limits<float>::infinity();
  EXPECT_EQ(scalar::round_pair(huge, huge).q0, 64);
  EXPECT_EQ(scalar::round_pair(huge, 1e30f).q1, 64);
  EXPECT_EQ(scalar::round_pair(-huge, -10).q0, -127);
  EXPECT_EQ(scalar::round_pair(-huge, huge).q0, -127);
}

}  // namespace
}  // namespace octet::kernels
