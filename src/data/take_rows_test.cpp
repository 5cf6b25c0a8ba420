#include "data/take_rows.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "octet/error.hpp"
#include "support/host_tensors.hpp"

namespace octet::data {
namespace {

using test::numbers;

TEST(TakeRows, StartsAgainWhenRowsRunOut) {
  const std::vector<base::Port> specs = {
      {"x", base::ElementType::float32, {-1, 2}, {"n", ""}, {}, {}},
      {"fixed", base::ElementType::float32, {2}, {""}, {}, {}}};
  const Feed feed = {{"x", numbers<float>({2, 2}, {1, 2, 3, 4})},
                     {"fixed", numbers<float>({2}, {8, 9})}};
  const auto out = take_rows(feed, specs, 3);
  EXPECT_THAT(out[0].tensor.dims, ::testing::ElementsAre(3, 2));
  EXPECT_THAT(out[0].tensor.as<float>(), ::testing::ElementsAre(1, 2, 3, 4, 1, 2));
  EXPECT_THAT(out[1].tensor.as<float>(), ::testing::ElementsAre(8, 9));
  EXPECT_THROW((void)take_rows({{"x", numbers<float>({0, 2}, {})}}, specs, 3), Error);
  EXPECT_TRUE(has_dynamic_batch(specs));
}

}  // namespace
}  // namespace octet::data
