#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/random.hpp"
#include "data/inputs.hpp"
#include "support/claims.hpp"

namespace octet::data {
namespace {

using base::ElementType;
using base::Random;
using test::holds;
using test::says;

base::Port spec(const std::string& name, ElementType type, std::vector<std::int64_t> dims,
                std::vector<std::string> symbols) {
  return {name, type, std::move(dims), std::move(symbols), {}, {}};
}

octet::DataOptions with_dims(std::map<std::string, std::int64_t> dims) {
  return {{}, std::move(dims), 0};
}

TEST(Random, IsTheSameOnEveryMachine) {
  Random random(0, "x");
  EXPECT_EQ(random.next(), 0x846a330c8ce81a06U);
  Random other(0, "x");
  other.next();
  EXPECT_EQ(other.normal(), 0x1.8964000000000p-1F);  // computed by a Python twin
}

TEST(Random, NormalHasMeanZeroAndVarianceOne) {
  Random random(1, "x");
  double sum = 0;
  double squares = 0;
  constexpr int count = 100000;
  for (int i = 0; i < count; ++i) {
    const double value = random.normal();
    EXPECT_LE(std::abs(value), 6.0);
    sum += value;
    squares += value * value;
  }
  EXPECT_NEAR(sum / count, 0, 0.02);
  EXPECT_NEAR(squares / count, 1, 0.02);
}

TEST(Generate, GivesTheFirstDimensionOneAndTheOthersSixteen) {
  const auto feed = data::generate({spec("ids", ElementType::int64, {-1, -1}, {"batch", "seq"}),
                                    spec("x", ElementType::float32, {-1, 3}, {"", ""}),
                                    spec("h", ElementType::float32, {2, -1, 4}, {"", "batch", ""})},
                                   {});
  EXPECT_TRUE(holds(feed.at(0).tensor.dims, {1, 16}));
  EXPECT_TRUE(holds(feed.at(1).tensor.dims, {1, 3}));
  EXPECT_TRUE(holds(feed.at(2).tensor.dims, {2, 1, 4})) << "batch has one value everywhere";
}

TEST(Generate, TakesDimensionsByNameOrPlace) {
  const std::vector<base::Port> specs = {
      spec("ids", ElementType::int64, {-1, -1}, {"batch", "seq"}),
      spec("mask", ElementType::int64, {-1, -1}, {"batch", "seq"}),
      spec("x", ElementType::float32, {-1, -1}, {"", ""})};
  const auto feed = data::generate(specs, with_dims({{"batch", 4}, {"ids:1", 7}, {"x:1", 5}}));
  EXPECT_TRUE(holds(feed.at(0).tensor.dims, {4, 7}));
  EXPECT_TRUE(holds(feed.at(1).tensor.dims, {4, 7})) << "seq has one value";
  EXPECT_TRUE(holds(feed.at(2).tensor.dims, {1, 5}));
  const auto eight = data::generate(specs, with_dims({{"seq", 2}}), 8);
  EXPECT_TRUE(holds(eight.at(1).tensor.dims, {8, 2}));
  EXPECT_TRUE(holds(eight.at(2).tensor.dims, {8, 16}));
}

TEST(Generate, RefusesDimensionsThatAreNotThere) {
  const auto refusal = [](std::map<std::string, std::int64_t> dims) {
    return test::refusal(ErrorCode::invalid_argument, [&] {
      (void)data::generate({spec("x", ElementType::float32, {-1, -1, 3}, {"batch", "", ""})},
                           with_dims(std::move(dims)));
    });
  };
  EXPECT_EQ(refusal({{"bach", 2}}),
            "dimension \"bach\": there is none; the model's dynamic dimensions are batch, x:1");
  EXPECT_TRUE(says(refusal({{"x:2", 2}}), "the model fixes it at 3"));
  EXPECT_TRUE(says(refusal({{"x:3", 2}}), "there is none"));
  EXPECT_TRUE(says(refusal({{"batch", 0}}), "is no size"));
  EXPECT_TRUE(says(refusal({{"batch", 2}, {"x:0", 3}}), "given as 2 and as 3"));
}

TEST(Generate, RefusesMoreThanAGibibyteBeforeTakingMemory) {
  constexpr std::int64_t half_a_gib = std::int64_t{1} << 27U;  // of floats
  const auto refusal = [](const std::vector<base::Port>& specs) {
    return test::refusal(ErrorCode::unsupported, [&] { (void)data::generate(specs, {}); });
  };
  EXPECT_EQ(refusal({spec("x", ElementType::float32, {2, half_a_gib + 1}, {"", ""})}),
            "seeded inputs: input \"x\": made-up inputs would take more than 1 GiB; give smaller "
            "sizes with --dim NAME=N, or real inputs with --data");
  EXPECT_TRUE(says(refusal({spec("a", ElementType::float32, {half_a_gib}, {""}),
                            spec("b", ElementType::float32, {half_a_gib}, {""}),
                            spec("c", ElementType::boolean, {1}, {""})}),
                   "input \"c\""))
      << "together";
}

TEST(Generate, IsDeterministicAndGrowsByRows) {
  const std::vector<base::Port> specs = {spec("x", ElementType::float32, {-1, 5}, {"n", ""})};
  const auto one = data::generate(specs, {}, 1);
  const auto eight = data::generate(specs, {}, 8);
  EXPECT_EQ(one[0].tensor.bytes, data::generate(specs, {}, 1)[0].tensor.bytes);
  EXPECT_TRUE(std::equal(one[0].tensor.bytes.begin(), one[0].tensor.bytes.end(),
                         eight[0].tensor.bytes.begin()));
  octet::DataOptions other;
  other.seed = 1;
  EXPECT_NE(one[0].tensor.bytes, data::generate(specs, other, 1)[0].tensor.bytes);
}

TEST(Generate, StaysInsideTheBounds) {
  auto ids = spec("ids", ElementType::int64, {1000}, {""});
  ids.low = 0;
  ids.high = 2;
  auto mask = spec("mask", ElementType::float32, {50, 2}, {"", ""});
  mask.low = 0;
  mask.high = 1;
  const auto feed = data::generate({ids, mask}, {});
  const auto values = feed[0].tensor.as<std::int64_t>();
  EXPECT_EQ(*std::ranges::min_element(values), 0);
  EXPECT_EQ(*std::ranges::max_element(values), 2);
  const auto masks = feed[1].tensor.as<float>();
  for (std::size_t row = 0; row < 50; ++row) EXPECT_EQ(masks[2 * row], 1);
}

TEST(Generate, MakesEveryTypeAModelCanWant) {
  for (const ElementType type :
       {ElementType::float32, ElementType::float64, ElementType::float16, ElementType::bfloat16,
        ElementType::int8, ElementType::uint8, ElementType::int16, ElementType::uint16,
        ElementType::int32, ElementType::uint32, ElementType::int64, ElementType::uint64,
        ElementType::boolean}) {
    const auto feed = data::generate({spec("x", type, {4}, {""})}, {});
    EXPECT_EQ(feed[0].tensor.type, type);
    EXPECT_EQ(feed[0].tensor.bytes.size(), 4 * base::element_size(type));
  }
  EXPECT_EQ(
      data::generate({spec("x", ElementType::string, {4}, {""})}, {})[0].tensor.strings.size(), 4U);
  (void)test::refusal(ErrorCode::unsupported, [] {
    (void)data::generate({spec("x", ElementType::undefined, {}, {})}, {});
  });
}

TEST(Generate, RefusesSizesBeyondReason) {
  (void)test::refusal(ErrorCode::unsupported, [] {
    (void)data::generate({spec("x", ElementType::float32, {1 << 20, 1 << 20}, {"", ""})}, {});
  });
}

}  // namespace
}  // namespace octet::data
