#include "octet/options_json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "octet/error.hpp"

namespace octet {
namespace {

std::string refusal(std::string_view text) {
  QuantizeOptions options;
  try {
    read_json(text, options);
  } catch (const Error& error) {
    return error.what();
  }
  return "not refused";
}

TEST(OptionsJson, ReadsFieldsByTheirNamesAndLeavesTheOthersAlone) {
  QuantizeOptions options;
  options.repair_seconds = 7;
  read_json(R"({"planning": {"target": "avx2", "exclude": ["a", "op:Gemm"]}, "threads": 3,
                "prove": false, "speed_seconds": 0, "tolerances": {"abs_tol": 0.5, "rel_tol": null},
                "data": {"dims": {"seq": 8}}, "save_plan": "p.json"})",
            options);
  EXPECT_EQ(options.planning.target, "avx2");
  EXPECT_EQ(options.planning.weight_type, "int8");
  EXPECT_THAT(options.planning.exclude, testing::ElementsAre("a", "op:Gemm"));
  EXPECT_EQ(options.threads, 3U);
  EXPECT_FALSE(options.prove);
  EXPECT_EQ(options.speed_seconds, 0);
  EXPECT_EQ(options.tolerances.abs_tol, 0.5);
  EXPECT_EQ(options.tolerances.rel_tol, std::nullopt);
  EXPECT_EQ(options.data.dims.at("seq"), 8);
  EXPECT_EQ(options.save_plan, "p.json");
  EXPECT_EQ(options.repair_seconds, 7);
}

TEST(OptionsJson, ReadsNothingFromNothing) {
  QuantizeOptions options;
  read_json("", options);
  read_json("{}", options);
  EXPECT_EQ(options.planning.target, "portable");
}

TEST(OptionsJson, ReadsAPlanAsAPlanFileIsRead) {
  QuantizeOptions options;
  read_json(R"({"plan": {"version": 2, "decisions": []}})", options);
  ASSERT_TRUE(options.plan.has_value());
  EXPECT_THAT(refusal(R"({"plan": {"version": 9, "decisions": []}})"),
              testing::StartsWith("options.plan"));
}

TEST(OptionsJson, NamesTheFieldThatIsWrong) {
  EXPECT_EQ(refusal(R"({"planning": {"targt": "avx2"}})"),
            "options.planning has no field \"targt\"; did you mean \"target\"?");
  EXPECT_EQ(refusal(R"({"threads": -1})"),
            "options.threads is not a whole number from 0 to 4294967295");
  EXPECT_EQ(refusal(R"({"prove": 1})"), "options.prove is neither true nor false");
  EXPECT_EQ(refusal(R"({"planning": {"exclude": ["a", 3]}})"),
            "options.planning.exclude[1] is not a text");
  EXPECT_THAT(refusal(R"({"data": {"dims": {"seq": "x"}}})"),
              testing::StartsWith("options.data.dims[\"seq\"] is not a whole number from"));
  EXPECT_EQ(refusal(R"({"data": {"arrays": [{}]}})"),
            "options.data.arrays[0] cannot be given as JSON");
  EXPECT_THAT(refusal("{"), testing::StartsWith("options: not JSON"));
  EXPECT_EQ(refusal("[]"), "options is not an object");
}

TEST(FieldWords, StandWhereTheProgramHasOptions) {
  EXPECT_EQ(in_field_words("--abs-tol is -1; give a number"), "abs_tol is -1; give a number");
  EXPECT_EQ(in_field_words("with --exclude NODE, --no-proof or --dim seq=64"),
            "with exclude NODE, prove = false or dims seq=64");
  EXPECT_EQ(in_field_words("name the library with --ort PATH; --min-sqnr"),
            "name the library with library PATH; min_sqnr_db");
  EXPECT_EQ(in_field_words("a--data, --unheard-of and --"), "a--data, --unheard-of and --");
  EXPECT_EQ(in_field_words("rows are given with --data"), "rows are given with data");
}

}  // namespace
}  // namespace octet
