#include "octet/nearest_name.hpp"

#include <gtest/gtest.h>

namespace octet {
namespace {

TEST(NearestName, IsOnlyGivenWhenItIsNear) {
  EXPECT_EQ(nearest_name("MatMull", {"Conv", "MatMul"}), "MatMul");
  EXPECT_EQ(nearest_name("abcdefgh", {"zzzzzzzz"}), "");
  EXPECT_EQ(nearest_name("x", {}), "");
}

}  // namespace
}  // namespace octet
