#include "cost/faults.hpp"

#include <gtest/gtest.h>

#include "cost/costs.hpp"
#include "octet/error.hpp"

namespace octet::cost {
namespace {

TEST(Version, IsReadWithWhatStandsBehindIt) {
  EXPECT_EQ(version_from("1.22.1"), (Version{1, 22, 1}));
  EXPECT_EQ(version_from("1.22"), (Version{1, 22, 0}));
  EXPECT_EQ(version_from("1.22.1-dev"), (Version{1, 22, 1}));
  for (const char* none : {"", "1", "x.y", "-1.2"}) EXPECT_FALSE(version_from(none)) << none;
}

TEST(Faults, HoldForTheVersionsTheyWereSeenIn) {
  const Fault& amx = fault_named("amx_columns");
  EXPECT_FALSE(has({1, 20, 1}, amx));
  EXPECT_TRUE(has({1, 21, 0}, amx));
  EXPECT_TRUE(has({1, 23, 2}, amx));
  EXPECT_FALSE(has({1, 25, 0}, amx));
}

TEST(Costs, AvoidColumnsThatAVersionComputesWrongOnTheTarget) {
  Costs portable = Costs::of("portable");
  EXPECT_EQ(portable.product_fault(18710), nullptr);  // of no version
  portable.for_runtime("1.22.1");
  ASSERT_NE(portable.product_fault(18710), nullptr);
  EXPECT_EQ(portable.product_fault(18710)->name, "amx_columns");
  EXPECT_EQ(portable.product_fault(18720), nullptr);
  portable.for_runtime("1.30.0");
  EXPECT_EQ(portable.product_fault(18710), nullptr);
  Costs avx2 = Costs::of("avx2");
  avx2.for_runtime("1.22.1");
  EXPECT_EQ(avx2.product_fault(18710), nullptr);
  EXPECT_THROW(avx2.for_runtime("new"), Error);
}

}  // namespace
}  // namespace octet::cost
