#include "data/patterns.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "data/inputs.hpp"

namespace octet::data {
namespace {

using base::ElementType;
using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::Ge;
using testing::Le;

base::Port port(const std::string& name, std::vector<std::int64_t> dims) {
  base::Port out{name, ElementType::float32, std::move(dims), {}};
  out.symbols.resize(out.dims.size());
  return out;
}

std::vector<Pattern> patterns(const std::string& name, const std::vector<std::int64_t>& declared,
                              const std::vector<std::int64_t>& sized) {
  return patterns_for(port(name, declared), port(name, sized));
}

std::vector<float> row_of(Pattern pattern, const std::vector<std::int64_t>& dims) {
  std::size_t count = 1;
  for (const std::int64_t dim : dims) count *= static_cast<std::size_t>(dim);
  std::vector<float> out(count);
  base::Random random(0, "x");
  fill_row(pattern, dims, random, out);
  return out;
}

double step(const std::vector<float>& values) {
  double sum = 0;
  for (std::size_t i = 1; i < values.size(); ++i) sum += std::abs(values[i] - values[i - 1]);
  return sum / static_cast<double>(values.size() - 1);
}

TEST(Patterns, AreNoiseAloneWhereNothingIsKnown) {
  EXPECT_THAT(patterns("x", {-1, 300}, {1, 300}), ElementsAre(Pattern::noise));
  EXPECT_THAT(patterns("x", {-1, 8, 64, 64}, {1, 8, 64, 64}), ElementsAre(Pattern::noise));
  EXPECT_THAT(patterns("x", {-1, 3, 8, 8}, {1, 3, 8, 8}), ElementsAre(Pattern::noise));
}

TEST(Patterns, AreOfImagesAndOfSoundByShapeAndName) {
  const auto images = ElementsAre(Pattern::noise, Pattern::image, Pattern::bright);
  const auto sounds = ElementsAre(Pattern::noise, Pattern::sound, Pattern::soft_sound);
  EXPECT_THAT(patterns("x", {-1, 3, 64, 64}, {1, 3, 64, 64}), images);
  EXPECT_THAT(patterns("x", {-1, 64, 64, 1}, {1, 64, 64, 1}), images);
  EXPECT_THAT(patterns("x", {-1, -1}, {1, 512}), sounds);
  EXPECT_THAT(patterns("x", {-1, 1, 16000}, {1, 1, 16000}), sounds);
  EXPECT_THAT(patterns("audio", {-1, 512}, {1, 512}), sounds);
}

TEST(Patterns, HaveTheRangesTheySay) {
  EXPECT_THAT(row_of(Pattern::bright, {3, 40, 30}), Each(AllOf(Ge(0.0F), Le(1.0F))));
  EXPECT_THAT(row_of(Pattern::image, {40, 30, 3}), Each(AllOf(Ge(-2.1F), Le(2.1F))));
  EXPECT_THAT(row_of(Pattern::sound, {4000}), Each(AllOf(Ge(-0.5F), Le(0.5F))));
  EXPECT_THAT(row_of(Pattern::soft_sound, {4000}), Each(AllOf(Ge(-0.04F), Le(0.04F))));
}

// What noise is not, and what they are for.
TEST(Patterns, AreSmooth) {
  EXPECT_LT(step(row_of(Pattern::image, {1, 64, 64})), 0.3);
  EXPECT_LT(step(row_of(Pattern::sound, {4000})), 0.1);
  EXPECT_GT(step(row_of(Pattern::noise, {4000})), 0.9);
  const auto sound = row_of(Pattern::sound, {4000});
  EXPECT_GT(*std::max_element(sound.begin(), sound.end()), 0.1F);
}

TEST(Patterns, TakeTurnsInRowsAndSeeds) {
  const std::vector<base::Port> inputs(1, port("audio", {-1, 512}));
  const auto three = data::generate(inputs, {}, 3).at(0).tensor;
  const auto rows = three.as<float>();
  EXPECT_GT(step(std::vector<float>(rows.begin(), rows.begin() + 512)), 0.9);
  EXPECT_LT(step(std::vector<float>(rows.begin() + 512, rows.begin() + 1024)), 0.1);
  octet::DataOptions next;
  next.seed = 1;
  const auto one = data::generate(inputs, next, 1).at(0).tensor;
  const auto values = one.as<float>();
  EXPECT_LT(step(std::vector<float>(values.begin(), values.end())), 0.1);
}

TEST(Generate, GivesAnInputTheValuesItIsComparedWithInTurns) {
  base::Port rate{"rate", ElementType::int64, {}, {}};
  rate.values = {8000, 16000};
  for (const std::uint64_t seed : {0U, 1U, 2U}) {
    octet::DataOptions options;
    options.seed = seed;
    const auto tensor = data::generate({rate}, options).at(0).tensor;
    const std::int64_t value = tensor.as<std::int64_t>()[0];
    if (seed < 2) {
      EXPECT_EQ(value, rate.values[seed]);
    } else {
      EXPECT_LT(value, 10);
    }
  }
}

}  // namespace
}  // namespace octet::data
