#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cost/costs.hpp"
#include "cost/targets.hpp"
#include "support/claims.hpp"

namespace octet::cost {
namespace {

using nlohmann::ordered_json;
using test::says;

ordered_json valid() {
  return ordered_json::parse(built_in_table("avx2"));
}

std::string complaint(const ordered_json& table) {
  return test::refusal(ErrorCode::invalid_argument,
                       [&] { (void)Costs::from_json(table.dump(), "mine.json"); });
}

TEST(CostTable, ComesBackFromJsonAsItWas) {
  for (const std::string_view cpu : cpu_targets()) {
    const std::string text = to_json(table_from_json(built_in_table(cpu), cpu));
    EXPECT_EQ(to_json(table_from_json(text, cpu)), text);
    EXPECT_EQ(ordered_json::parse(text), ordered_json::parse(built_in_table(cpu)));
  }
}

TEST(CostTable, OfAFileReplacesTheBuiltInOnes) {
  ordered_json table = valid();
  table["product"]["int8"]["call"] = 1e9;
  const Costs costs = Costs::from_json(table.dump(), "mine.json");
  EXPECT_FALSE(costs.product({4096, 4096, 128}).pays());
  EXPECT_TRUE(Costs::of("avx2").product({4096, 4096, 128}).pays());
}

TEST(CostTable, ThatIsNotJsonIsRefusedWithTheFile) {
  const std::string message =
      test::refusal(ErrorCode::invalid_argument, [] { (void)Costs::from_json("{", "mine.json"); });
  EXPECT_TRUE(says(message, "mine.json: not JSON"));
}

TEST(CostTable, NamesThePlaceOfWhatIsMissingUnknownOrOfAnotherType) {
  ordered_json table = valid();
  table["product"]["int8"].erase("row_k");
  EXPECT_TRUE(says(complaint(table), "mine.json: product.int8: lacks \"row_k\""));
  table = valid();
  table["lstm"]["float"]["speed"] = 1;
  EXPECT_TRUE(says(complaint(table), "mine.json: lstm.float: has an unknown field \"speed\""));
  table = valid();
  table["gru"] = 1;
  EXPECT_TRUE(says(complaint(table), "mine.json: has an unknown field \"gru\""));
  table = valid();
  table["saturates"] = 1;
  EXPECT_TRUE(says(complaint(table), "\"saturates\" is neither true nor false"));
  table = valid();
  table["target"] = 1;
  EXPECT_TRUE(says(complaint(table), "\"target\" is not a text"));
  table = valid();
  table["lookup"] = "free";
  EXPECT_TRUE(says(complaint(table), "mine.json: lookup: is not an object"));
}

TEST(CostTable, RefusesNumbersThatAreNoTimes) {
  for (const ordered_json& wrong :
       {ordered_json(-1), ordered_json("1"), ordered_json(true), ordered_json(nullptr)}) {
    ordered_json table = valid();
    table["convolution"]["int8"]["gathered_row"] = wrong;
    EXPECT_TRUE(says(complaint(table), "\"gathered_row\" is not a number of nanoseconds"));
  }
  const std::string text = valid().dump();
  const auto at = text.find("\"call\":");
  const std::string huge =
      text.substr(0, at) + "\"call\":1e999," + text.substr(text.find(',', at) + 1);
  const std::string message = test::refusal(ErrorCode::invalid_argument,
                                            [&] { (void)Costs::from_json(huge, "mine.json"); });
  EXPECT_TRUE(says(message, "mine.json"));
}

TEST(CostTable, RefusesACallThatTakesNoTime) {
  ordered_json table = valid();
  table["product"]["float"]["call"] = 0;
  EXPECT_TRUE(says(complaint(table), "product.float: \"call\" is 0"));
}

}  // namespace
}  // namespace octet::cost
