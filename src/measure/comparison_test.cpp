// Outputs that are no tensors: compared by key, or said to be not comparable; never "no
// difference".
#include "measure/comparison.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "support/claims.hpp"
#include "support/host_tensors.hpp"

namespace octet::measure {
namespace {

using base::NamedTensor;
using base::Nesting;
using test::numbers;
using test::says;

NamedTensor maps(const std::vector<std::string>& keys, const std::vector<float>& values) {
  const auto rows = static_cast<std::int64_t>(values.size() / keys.size());
  return {"y",
          numbers<float>({rows, static_cast<std::int64_t>(keys.size())}, values),
          {"sequence of maps", keys, ""}};
}

Comparison compared(const NamedTensor& reference, const NamedTensor& candidate) {
  Comparison out("c.onnx");
  out.add({reference}, {candidate});
  return out;
}

TEST(Comparison, OfMapsIsByTheirKeys) {
  const auto same = compared(maps({"a", "b"}, {1, 2, 3, 4}), maps({"a", "b"}, {1, 2, 3, 4.5F}));
  EXPECT_EQ(same.results().at(0).max_abs_diff, 0.5);
  EXPECT_EQ(same.results().at(0).worst_row, 1U);
  EXPECT_TRUE(same.problems().empty());
}

TEST(Comparison, OfMapsWithOtherKeysIsNoMatterOfNumbers) {
  const auto other = compared(maps({"a", "b"}, {1, 2}), maps({"a", "c"}, {1, 2}));
  EXPECT_TRUE(std::isinf(other.results().at(0).max_abs_diff));
  EXPECT_TRUE(says(other.problems().at(0), "keys {a, b} became {a, c}"));
}

TEST(Comparison, OfASequenceWithATensorIsNoMatterOfNumbers) {
  const auto other = compared(maps({"a", "b"}, {1, 2}), {"y", numbers<float>({1, 2}, {1, 2})});
  EXPECT_TRUE(std::isinf(other.results().at(0).max_abs_diff));
  EXPECT_TRUE(says(other.problems().at(0), "sequence of maps became tensor"));
}

TEST(Comparison, OfWhatCannotBeReadHasNoFigures) {
  NamedTensor sparse{"y", {}, {}};
  sparse.nesting.unread = "it is a sparse tensor";
  for (const auto& pair : {std::pair{sparse, sparse}, {sparse, maps({"a"}, {1})}}) {
    const auto unknown = compared(pair.first, pair.second);
    EXPECT_TRUE(std::isnan(unknown.results().at(0).max_abs_diff));
    EXPECT_EQ(unknown.results().at(0).not_compared, "it is a sparse tensor");
    EXPECT_EQ(unknown.not_compared().at(0), "output \"y\": it is a sparse tensor");
  }
}

TEST(Comparison, OfComplexNumbersIsLeftToOthers) {
  const base::Tensor complex{base::ElementType::complex64, {1}, std::vector<std::byte>(8), {}};
  EXPECT_TRUE(
      says(compared({"y", complex}, {"y", complex}).results().at(0).not_compared, "complex64"));
}

}  // namespace
}  // namespace octet::measure
