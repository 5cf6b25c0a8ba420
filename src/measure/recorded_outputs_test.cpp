#include "measure/recorded_outputs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "measure/machine.hpp"
#include "octet/error.hpp"
#include "support/host_tensors.hpp"

namespace octet::measure {
namespace {

using base::NamedTensor;
using test::numbers;
using test::texts;
using ::testing::HasSubstr;
using Arrays = std::vector<NamedTensor>;

const Arrays& classifier() {
  static const Arrays outputs = {{"label", numbers<std::int64_t>({3}, {0, 1, 0})},
                                 {"probabilities", numbers<float>({3, 2}, {1, 0, 0, 1, 1, 0})}};
  return outputs;
}

std::size_t output_for(const Arrays& recorded) {
  const auto found = match_recorded(recorded, classifier(), "truth.npy");
  EXPECT_EQ(found.matches.size(), 1U);
  return found.matches.at(0).output;
}

TEST(MatchRecorded, FindsTheOutputWithTheShape) {
  EXPECT_EQ(output_for({{"", numbers<double>({3, 2}, {1, 0, 0, 1, 1, 0})}}), 1U);
  EXPECT_EQ(output_for({{"", numbers<std::int64_t>({3}, {0, 1, 0})}}), 0U);
}

TEST(MatchRecorded, AnAxisOfOneDoesNotCount) {
  EXPECT_EQ(output_for({{"", numbers<float>({3, 1}, {0, 1, 0})}}), 0U);
}

TEST(MatchRecorded, NamesComeFirstAndOtherArraysAreIgnored) {
  const auto found = match_recorded({{"x", numbers<float>({3, 2}, {1, 2, 3, 4, 5, 6})},
                                     {"probabilities", numbers<float>({3, 2}, {1, 0, 0, 1, 1, 0})}},
                                    classifier(), "truth.npz");
  ASSERT_EQ(found.matches.size(), 1U);
  EXPECT_EQ(found.matches[0].recorded, 1U);
  EXPECT_EQ(found.matches[0].output, 1U);
  EXPECT_THAT(found.ignored, ::testing::ElementsAre("x"));
}

TEST(MatchRecorded, ARowMayBeFlattened) {
  const Arrays outputs = {{"y", numbers<float>({2, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8})}};
  const Arrays recorded = {{"", numbers<float>({2, 4}, {1, 2, 3, 4, 5, 6, 7, 8})}};
  EXPECT_EQ(match_recorded(recorded, outputs, "t").matches.at(0).output, 0U);
}

TEST(MatchRecorded, SaysWhatDoesNotFit) {
  try {
    (void)match_recorded({{"", numbers<float>({5, 2}, std::vector<float>(10))}}, classifier(),
                         "t.npy");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_data);
    EXPECT_THAT(error.what(), HasSubstr("t.npy: the array float32 [5, 2] fits no output"));
    EXPECT_THAT(error.what(), HasSubstr("\"probabilities\" float32 [3, 2]"));
  }
  EXPECT_THROW((void)match_recorded({}, classifier(), "t"), Error);
}

TEST(Machine, DoubtsABusyOne) {
  EXPECT_FALSE(doubt_about_load(1.5, 2));
  EXPECT_THAT(doubt_about_load(7.25, 2).value(), HasSubstr("7.2 on 2 hardware threads"));
}

}  // namespace
}  // namespace octet::measure
