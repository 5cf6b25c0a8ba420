// Products in integers against exact ones: what a faulty kernel gives is found and named.
#include "trial/kernel_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/in_memory.hpp"
#include "support/model_builder.hpp"

namespace octet::trial {
namespace {

using base::ElementType;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::int32_t> exact(const IntegerProduct& product) {
  const auto k = static_cast<std::size_t>(product.shape.k);
  const auto n = static_cast<std::size_t>(product.shape.n);
  std::vector<std::int32_t> out;
  for (std::size_t row = 0; row < static_cast<std::size_t>(product.rows); ++row) {
    for (std::size_t column = 0; column < n; ++column) {
      std::int32_t sum = 0;
      for (std::size_t i = 0; i < k; ++i)
        sum += static_cast<std::int32_t>(product.a[row * k + i]) * product.b[i * n + column];
      out.push_back(sum);
    }
  }
  return out;
}

// As AMX kernels of 1.21 to 1.23.2 do it: the last N mod 16 columns of row 31.
TEST(KernelCheck, NamesWhatOneWrongColumnOfOneRowIs) {
  const IntegerProduct product = made_up_product({100, 35});
  std::vector<std::int32_t> given = exact(product);
  EXPECT_FALSE(first_wrong(product, given));
  given[31 * 35 + 34] += 7;
  const auto found = first_wrong(product, given);
  ASSERT_TRUE(found);
  EXPECT_THAT(*found, HasSubstr("INT8 products of 100x35 wrong: row 31, column 34"));
}

TEST(KernelCheck, HasRowsBeyondThirtyTwo) {
  EXPECT_GE(made_up_product({8, 8}).rows, 33);
}

std::vector<std::byte> with_product(std::int64_t columns) {
  return test::ModelBuilder()
      .opset(13)
      .input("a", ElementType::uint8, {"n", 64})
      .initializer("b", test::tensor<std::int8_t>(
                            {64, columns},
                            std::vector<std::int8_t>(static_cast<std::size_t>(64 * columns), 1)))
      .node("MatMulInteger", {"a", "b"}, {"y"})
      .node("MatMulInteger", {"a", "b"}, {"z"})
      .output("y", ElementType::int32, {"n", columns})
      .output("z", ElementType::int32, {"n", columns})
      .bytes();
}

TEST(KernelCheck, LooksAtEachShapeOnce) {
  const auto model = with_product(20);
  const auto shapes = integer_products(test::source(model), 1 << 20);
  ASSERT_EQ(shapes.size(), 1U);
  EXPECT_EQ(shapes[0].n, 20);
  EXPECT_TRUE(integer_products(test::source(model), 100).empty());
}

class KernelCheckRun : public test::OrtTest {};

// On a CPU with AMX and ONNX Runtime 1.21 to 1.23.2 this shows the fault that cost/faults.cpp
// names; elsewhere that there is none.
TEST_F(KernelCheckRun, FindsThisMachinesRuntimeRightOrTheKnownFault) {
  const auto model = with_product(35);
  const auto found = kernel_fault(test::ort(), test::source(model));
  if (!found) GTEST_SKIP() << "no CPU and ONNX Runtime with the fault here: all products are exact";
  EXPECT_THAT(*found, HasSubstr("INT8 products of 64x35 wrong"));
}

}  // namespace
}  // namespace octet::trial
