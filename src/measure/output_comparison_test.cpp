#include "measure/output_comparison.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "support/host_tensors.hpp"

namespace octet::measure {
namespace {

using base::ElementType;
using base::Tensor;
using test::numbers;
using test::texts;

constexpr float nan = std::numeric_limits<float>::quiet_NaN();
constexpr float inf = std::numeric_limits<float>::infinity();

OutputParity compared(const Tensor& a, const Tensor& b) {
  OutputComparison comparison("y");
  comparison.add(a, b);
  return comparison.result();
}

// The expected numbers were computed apart from this code, in Python with math.fsum.
TEST(OutputComparison, GivesTheFiguresOfAnIndependentComputation) {
  const auto p = compared(numbers<float>({2, 3}, {1, -2, 3.5F, 0.25F, 4, -1.5F}),
                          numbers<float>({2, 3}, {1.125F, -2, 3.25F, 0.25F, 3, -1}));
  EXPECT_EQ(p.type, "float32");
  EXPECT_EQ(p.elements, 6U);
  EXPECT_EQ(p.max_abs_diff, 1);
  EXPECT_EQ(p.mean_abs_diff, 0.3125);
  EXPECT_NEAR(p.rmse, 0.4704829079431756, 1e-15);
  EXPECT_NEAR(p.cosine_similarity, 0.9907354081441505, 1e-15);
  EXPECT_NEAR(p.sqnr_db, 14.277533320087407, 1e-12);
  EXPECT_EQ(p.worst_row, 1U);
  EXPECT_EQ(p.worst_reference, 4);
  EXPECT_EQ(p.worst_candidate, 3);
  EXPECT_EQ(p.label_agreement, 1);
}

// In Python: numpy.sqrt(numpy.mean(r * r)); a quarter of numpy.std(row) is the margin.
TEST(OutputComparison, KnowsTheReferencesSizeAndItsClearArgmaxes) {
  const auto p = compared(numbers<float>({3, 3}, {1, 0, 0, 0.5F, 0.49F, 0, 0, 0, 3}),
                          numbers<float>({3, 3}, {0, 1, 0, 0.49F, 0.5F, 0, 0, 0, 3}));
  EXPECT_NEAR(p.reference_rms, 1.0796141285971885, 1e-9);
  EXPECT_EQ(p.reference_max_abs, 3);
  EXPECT_NEAR(*p.label_agreement, 1.0 / 3, 1e-12);
  EXPECT_NEAR(*p.clear_agreement, 0.5, 1e-12);  // the second row is a near-tie
  const auto flat = compared(numbers<float>({1, 3}, {1, 1, 1}), numbers<float>({1, 3}, {1, 2, 1}));
  EXPECT_FALSE(flat.clear_agreement);
}

TEST(OutputComparison, LinesOfNothingInAMapHaveNoClearArgmax) {
  const auto p = compared(numbers<float>({2, 3}, {0.9F, 0.1F, 0, 3e-3F, 0, 0}),
                          numbers<float>({2, 3}, {0.9F, 0.1F, 0, 0, 3e-3F, 0}));
  EXPECT_EQ(p.label_agreement, 0.5);
  EXPECT_EQ(p.clear_agreement, 1);
  const auto loud = compared(numbers<float>({2, 3}, {0.9F, 0.1F, 0, 3e-2F, 0, 0}),
                             numbers<float>({2, 3}, {0.9F, 0.1F, 0, 0, 3e-2F, 0}));
  EXPECT_EQ(loud.clear_agreement, 0.5);
}

// In Python: the rank of numpy.argmax(r) in numpy.argsort(-c).
TEST(OutputComparison, CountsTheReferencesBestAmongTheCandidatesFive) {
  std::vector<float> a(20), b(20);
  a[3] = 1, b[3] = 1, b[0] = b[1] = b[2] = b[4] = 2;                // fifth
  a[13] = 1, b[13] = 1, b[10] = b[11] = b[12] = b[14] = b[15] = 2;  // sixth
  EXPECT_EQ(compared(numbers<float>({2, 10}, a), numbers<float>({2, 10}, b)).top5_agreement, 0.5);
  EXPECT_FALSE(compared(numbers<float>({4, 5}, a), numbers<float>({4, 5}, b)).top5_agreement);
}

TEST(OutputComparison, NamesTheRowOfTheDataThatIsWorst) {
  const auto worst_at = [](const Tensor& candidate, std::uint64_t fed) {
    OutputComparison comparison("y");
    comparison.add(numbers<float>({2, 1}, {0, 0}), numbers<float>({2, 1}, {1, 1}), {0, 2});
    comparison.add(numbers<float>(candidate.dims, std::vector<float>(2)), candidate, {2, fed});
    return comparison.result();
  };
  const auto own = worst_at(numbers<float>({2, 1}, {0, 9}), 2);
  EXPECT_EQ(own.worst_row, 3U);
  EXPECT_EQ(own.worst_call, 1U);
  EXPECT_EQ(own.worst_input_row, 3U);
  // Two boxes for one image, and for three.
  EXPECT_EQ(worst_at(numbers<float>({2, 1}, {0, 9}), 1).worst_input_row, 2U);
  EXPECT_FALSE(worst_at(numbers<float>({2, 1}, {0, 9}), 3).worst_input_row);
}

TEST(OutputComparison, BatchesAddUpToTheSameAsOneTensor) {
  const Tensor a = numbers<float>({4, 2}, {1, 2, 3, 4, 5, 6, 7, 8});
  const Tensor b = numbers<float>({4, 2}, {2, 1, 3, 4, 5.5F, 6, 7, 12});
  OutputComparison parts("y");
  parts.add(numbers<float>({1, 2}, {1, 2}), numbers<float>({1, 2}, {2, 1}));
  parts.add(numbers<float>({3, 2}, {3, 4, 5, 6, 7, 8}),
            numbers<float>({3, 2}, {3, 4, 5.5F, 6, 7, 12}));
  const auto whole = compared(a, b);
  const auto joined = parts.result();
  EXPECT_EQ(joined.max_abs_diff, whole.max_abs_diff);
  EXPECT_EQ(joined.mean_abs_diff, whole.mean_abs_diff);
  EXPECT_EQ(joined.rmse, whole.rmse);
  EXPECT_EQ(joined.cosine_similarity, whole.cosine_similarity);
  EXPECT_EQ(joined.worst_row, 3U);
  EXPECT_EQ(whole.worst_row, 3U);
  EXPECT_EQ(joined.label_agreement, 0.75);
  EXPECT_EQ(whole.label_agreement, 0.75);
}

TEST(OutputComparison, EqualNansAndInfinitiesDoNotDiffer) {
  const Tensor t = numbers<float>({4}, {nan, inf, -inf, 2});
  const auto p = compared(t, t);
  EXPECT_EQ(p.max_abs_diff, 0);
  EXPECT_EQ(p.mean_abs_diff, 0);
  EXPECT_EQ(p.cosine_similarity, 1);
  EXPECT_EQ(p.sqnr_db, inf);
}

TEST(OutputComparison, NanOrInfinityAgainstANumberIsInfinitelyFar) {
  for (const float bad : {nan, inf, -inf}) {
    for (const bool swap : {false, true}) {
      const Tensor good = numbers<float>({2}, {1, 2});
      const Tensor other = numbers<float>({2}, {1, bad});
      const auto p = swap ? compared(other, good) : compared(good, other);
      EXPECT_EQ(p.max_abs_diff, inf);
      EXPECT_EQ(p.mean_abs_diff, inf);
      EXPECT_EQ(p.sqnr_db, -inf);
      EXPECT_EQ(p.worst_row, 1U);
      EXPECT_FALSE(std::isnan(p.cosine_similarity));
    }
  }
  EXPECT_EQ(compared(numbers<float>({1}, {inf}), numbers<float>({1}, {-inf})).max_abs_diff, inf);
  EXPECT_EQ(compared(numbers<float>({1}, {inf}), numbers<float>({1}, {nan})).max_abs_diff, inf);
}

TEST(OutputComparison, NothingAgreesWithNothing) {
  const auto p = compared(numbers<float>({0, 3}, {}), numbers<float>({0, 3}, {}));
  EXPECT_EQ(p.elements, 0U);
  EXPECT_EQ(p.max_abs_diff, 0);
  EXPECT_EQ(p.mean_abs_diff, 0);
  EXPECT_EQ(p.cosine_similarity, 1);
  EXPECT_FALSE(p.label_agreement);
}

TEST(OutputComparison, ZerosAgainstZerosPointTheSameWay) {
  const Tensor zeros = numbers<float>({2}, {0, 0});
  EXPECT_EQ(compared(zeros, zeros).cosine_similarity, 1);
  EXPECT_EQ(compared(zeros, numbers<float>({2}, {0, 1})).cosine_similarity, 0);
  EXPECT_EQ(compared(zeros, numbers<float>({2}, {0, 1})).sqnr_db, -inf);
}

TEST(OutputComparison, LabelsAreEqualOrNot) {
  const auto p =
      compared(numbers<std::int64_t>({4}, {1, 2, 3, 90}), numbers<std::int64_t>({4}, {1, 2, 4, 9}));
  EXPECT_EQ(p.label_agreement, 0.5);
  EXPECT_EQ(p.max_abs_diff, 1);
  EXPECT_EQ(p.mean_abs_diff, 0.5);
  EXPECT_EQ(p.worst_row, 2U);
  EXPECT_EQ(p.worst_reference, 3);
  EXPECT_EQ(p.worst_candidate, 4);
}

TEST(OutputComparison, LargeIntegersOfOneTypeAreNotRounded) {
  const std::int64_t big = (std::int64_t{1} << 53) + 1;
  EXPECT_EQ(compared(numbers<std::int64_t>({1}, {big}), numbers<std::int64_t>({1}, {big - 1}))
                .label_agreement,
            0);
}

TEST(OutputComparison, LabelsMayBeRecordedAsFloats) {
  EXPECT_EQ(
      compared(numbers<float>({2}, {3, 4}), numbers<std::int64_t>({2}, {3, 5})).label_agreement,
      0.5);
}

TEST(OutputComparison, AnyByteButZeroIsTrue) {
  Tensor a = numbers<std::uint8_t>({3}, {1, 0, 255});
  Tensor b = numbers<std::uint8_t>({3}, {2, 1, 1});
  a.type = b.type = ElementType::boolean;
  EXPECT_DOUBLE_EQ(compared(a, b).label_agreement.value(), 2.0 / 3);
}

TEST(OutputComparison, StringsAreEqualOrNot) {
  const auto p = compared(texts({3}, {"cat", "", "dog"}), texts({3}, {"cat", "", "dog "}));
  EXPECT_EQ(p.type, "string");
  EXPECT_DOUBLE_EQ(p.label_agreement.value(), 2.0 / 3);
  EXPECT_EQ(p.worst_row, 2U);
}

TEST(OutputComparison, ReadsHalvesAndBfloats) {
  Tensor half = numbers<std::uint16_t>({6}, {0x3c00, 0xc000, 0x0001, 0x7bff, 0x7c00, 0x8000});
  half.type = ElementType::float16;
  const Tensor same = numbers<double>({6}, {1, -2, std::ldexp(1, -24), 65504, inf, 0});
  EXPECT_EQ(compared(same, half).max_abs_diff, 0);
  Tensor brain = numbers<std::uint16_t>({2}, {0x3f80, 0xc2f7});
  brain.type = ElementType::bfloat16;
  EXPECT_EQ(compared(numbers<float>({2}, {1, -123.5F}), brain).max_abs_diff, 0);
}

TEST(OutputComparison, ADifferentShapeOrTypeIsAnAnswer) {
  OutputComparison shapes("y");
  shapes.add(numbers<float>({2, 1}, {1, 2}), numbers<float>({2}, {1, 2}));
  EXPECT_EQ(shapes.problem(), "shape [2, 1] became [2]");
  EXPECT_EQ(shapes.result().max_abs_diff, inf);
  OutputComparison types("y");
  types.add(texts({1}, {"1"}), numbers<float>({1}, {1}));
  EXPECT_EQ(types.problem(), "type string became float32");
}

TEST(OutputComparison, ArgmaxAgreesPerVectorAndTakesTheFirstOfEquals) {
  const auto p = compared(numbers<float>({2, 2, 2}, {1, 1, 0, 3, 5, 4, 1, 2}),
                          numbers<float>({2, 2, 2}, {1, 0, 0, 2, 4, 5, 1, 2}));
  EXPECT_EQ(p.label_agreement, 0.75);
}

}  // namespace
}  // namespace octet::measure
