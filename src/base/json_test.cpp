#include "base/json.hpp"

#include <gtest/gtest.h>

#include <string>

#include "support/claims.hpp"

namespace octet::base {
namespace {

using test::says;

std::string refusal(const std::string& text, const JsonLimits& limits = {}) {
  return test::refusal(ErrorCode::invalid_argument,
                       [&] { (void)parse_json(text, "p.json", limits); });
}

std::string nested(std::size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

TEST(ParseJson, ReadsADocument) {
  const auto json = parse_json(R"({"b": [1, {"c": "x"}], "a": {"c": 2.5}})", "p.json");
  EXPECT_EQ(json.at("b").at(1).at("c"), "x");
  EXPECT_EQ(json.begin().key(), "b");
}

TEST(ParseJson, RefusesDepthWithoutRecursing) {
  EXPECT_EQ(parse_json(nested(16), "p.json").size(), 1U);
  EXPECT_TRUE(says(refusal(nested(17)), "more than 16 deep"));
  EXPECT_TRUE(says(refusal(nested(1000000)), "more than 16 deep"));
  EXPECT_TRUE(says(refusal(std::string(1000000, '[')), "more than 16 deep"));
}

TEST(ParseJson, RefusesAKeyThatIsThereTwice) {
  EXPECT_TRUE(says(refusal(R"({"a": 1, "b": 2, "a": 3})"), "\"a\" is there twice"));
  (void)parse_json(R"([{"a": 1}, {"a": 1}, {"x": {"a": 1}, "a": 2}])", "p.json");
}

TEST(ParseJson, RefusesNumbersNoDoubleHolds) {
  EXPECT_TRUE(says(refusal("1e999999"), "p.json: not JSON: number overflow"));
}

TEST(ParseJson, NamesThePlaceAndStaysOnOneShortLine) {
  EXPECT_TRUE(says(refusal("{\n\"a\": ?}"), "line 2, column 6"));
  EXPECT_TRUE(says(refusal("[\"\xff\"]"), "not JSON"));
  EXPECT_TRUE(says(refusal("[1] 2"), "not JSON"));
  EXPECT_TRUE(says(refusal(""), "not JSON"));
  EXPECT_LT(refusal("\"" + std::string(100000, 'x')).size(), 300U);
}

TEST(ParseJson, RefusesWhatIsTooLarge) {
  EXPECT_TRUE(says(refusal(std::string(100, ' '), {.depth = 16, .bytes = 99}), "too large"));
}

}  // namespace
}  // namespace octet::base
