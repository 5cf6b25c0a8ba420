#include "data/csv.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "support/claims.hpp"

namespace octet::data {
namespace {

using test::holds;
using test::says;

std::vector<std::size_t> all_of(const Table& table) {
  std::vector<std::size_t> all;
  for (std::size_t i = 0; i < table.columns(); ++i) all.push_back(i);
  return all;
}

base::Tensor numbers(const std::string& text) {
  const Table table(text, "rows.csv");
  return table.read(0, table.rows(), all_of(table), false);
}

std::string refusal(const std::string& text) {
  return test::refusal(ErrorCode::invalid_data, [&] { (void)numbers(text); });
}

TEST(Csv, ReadsCommasSemicolonsAndTabs) {
  for (const char* text : {"1,2\n3,4\n", "1;2\n3;4", "1\t2\r\n3\t4\r\n", "\n1,2\n\n3,4\n\n"}) {
    const auto matrix = numbers(text);
    EXPECT_TRUE(holds(matrix.dims, {2, 2})) << text;
    EXPECT_TRUE(holds(matrix.as<double>(), {1, 2, 3, 4})) << text;
  }
}

TEST(Csv, TakesAFirstLineThatIsNoNumbersAsHeader) {
  const Table table("\xef\xbb\xbfx, \"y, or z\"\n1,2,3\n", "rows.csv");
  EXPECT_TRUE(holds(table.header(), {"x", "\"y", "or z\""})) << "blanks before a quote end it";
  const Table quoted("x,\"y, or z\"\n1,2\n", "rows.csv");
  EXPECT_TRUE(holds(quoted.header(), {"x", "y, or z"}));
  const Table bare("1,nan\n1,2\n", "rows.csv");
  EXPECT_TRUE(bare.header().empty());
}

TEST(Csv, TakesCountedColumnsAsHeader) {
  EXPECT_EQ(Table("0,1,2,3\n5,6,7,8\n", "rows.csv").rows(), 1U);
  EXPECT_EQ(Table("0,1,2\n5,6,7\n", "rows.csv").rows(), 2U) << "too few to be sure";
}

TEST(Csv, ReadsQuotedCells) {
  const Table table("a,b\n\"say \"\"hi\"\"\",\"two\nlines\"\n1,2\n", "rows.csv");
  const auto cells = table.read(0, 2, all_of(table), true);
  EXPECT_TRUE(holds(cells.strings, {"say \"hi\"", "two\nlines", "1", "2"}));
  EXPECT_EQ(refusal("\"a\nb\",c\n1,2\n3,x\n"), "rows.csv: line 4, column 2: \"x\" is not a number")
      << "a row may take several lines";
}

TEST(Csv, ReadsAnyRowsInAnyOrder) {
  std::string text = "a;b\r\n";
  for (int i = 0; i < 1000; ++i)
    text += std::to_string(i) + ";\"" + std::to_string(-i) + "\"\r\n\n";
  const Table table(text, "rows.csv");
  ASSERT_EQ(table.rows(), 1000U);
  const std::vector<std::size_t> second = {1};
  for (const std::size_t first : {700, 0, 255, 256, 998, 1, 511}) {
    const auto some = table.read(first, 2, second, false);
    const auto row = static_cast<double>(first);
    EXPECT_TRUE(holds(some.as<double>(), {-row, -row - 1})) << first;
  }
  const auto whole = table.read(0, 1000, second, false);
  EXPECT_EQ(whole.as<double>()[999], -999);
}

TEST(Csv, ReadsNumbersWhateverTheLocale) {
  EXPECT_EQ(parse_number(" +1.5e3 "), 1500);
  EXPECT_EQ(parse_number("-0.25"), -0.25);
  EXPECT_TRUE(std::isnan(*parse_number("nan")));
  EXPECT_EQ(parse_number("1,5"), std::nullopt);
  EXPECT_EQ(parse_number(""), std::nullopt);
  EXPECT_EQ(parse_number("1 2"), std::nullopt);
  EXPECT_EQ(parse_number("+-1"), std::nullopt);
}

TEST(Csv, RefusesWithLineAndColumn) {
  EXPECT_EQ(refusal("\"a\nb\",c\n1,2\n3,x\n"), "rows.csv: line 4, column 2: \"x\" is not a number")
      << "a row may take several lines";
}

}  // namespace
}  // namespace octet::data
