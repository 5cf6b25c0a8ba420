#include "data/concatenation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "octet/error.hpp"
#include "support/host_tensors.hpp"

namespace octet::data {
namespace {

using test::numbers;
using test::texts;

TEST(Concatenation, JoinsRowsAndTurnsScalarsIntoAVector) {
  Concatenation all;
  all.add({{"y", numbers<float>({1, 2}, {1, 2})},
           {"s", numbers<float>({}, {7})},
           {"t", texts({1}, {"a"})}});
  all.add({{"y", numbers<float>({2, 2}, {3, 4, 5, 6})},
           {"s", numbers<float>({}, {8})},
           {"t", texts({1}, {"b"})}});
  const auto out = std::move(all).take();
  EXPECT_THAT(out[0].tensor.dims, ::testing::ElementsAre(3, 2));
  EXPECT_THAT(out[0].tensor.as<float>(), ::testing::ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_THAT(out[1].tensor.as<float>(), ::testing::ElementsAre(7, 8));
  EXPECT_THAT(out[2].tensor.strings, ::testing::ElementsAre("a", "b"));
}

TEST(Concatenation, RefusesRowsOfAnotherShape) {
  Concatenation all;
  all.add({{"y", numbers<float>({1, 2}, {1, 2})}});
  EXPECT_THROW(all.add({{"y", numbers<float>({1, 3}, {1, 2, 3})}}), Error);
}

}  // namespace
}  // namespace octet::data
