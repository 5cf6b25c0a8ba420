#include "data/csv.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "support/claims.hpp"

namespace octet::data {
namespace {

using test::holds;
using test::says;

base::Tensor numbers(const std::string& text) {
  const Table table = read_csv(text, "rows.csv");
  std::vector<std::size_t> all;
  for (std::size_t i = 0; i < table.columns; ++i) all.push_back(i);
  return csv_columns(table, all, false, "rows.csv");
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
  const Table table = read_csv("\xef\xbb\xbfx, \"y, or z\"\n1,2,3\n", "rows.csv");
  EXPECT_TRUE(holds(table.header, {"x", "\"y", "or z\""})) << "blanks before a quote end it";
  EXPECT_TRUE(holds(read_csv("x,\"y, or z\"\n1,2\n", "rows.csv").header, {"x", "y, or z"}));
  EXPECT_TRUE(read_csv("1,nan\n1,2\n", "rows.csv").header.empty());
}

TEST(Csv, TakesCountedColumnsAsHeader) {
  EXPECT_EQ(read_csv("0,1,2,3\n5,6,7,8\n", "rows.csv").rows(), 1U);
  EXPECT_EQ(read_csv("0,1,2\n5,6,7\n", "rows.csv").rows(), 2U) << "too few to be sure";
}

TEST(Csv, ReadsQuotedCells) {
  const Table table = read_csv("a,b\n\"say \"\"hi\"\"\",\"two\nlines\"\n1,2\n", "rows.csv");
  EXPECT_TRUE(holds(table.cells, {"say \"hi\"", "two\nlines", "1", "2"}));
  EXPECT_TRUE(holds(table.lines, {2, 4}));
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
  EXPECT_EQ(refusal("a,b\n1,2\n3,x\n"), "rows.csv: line 3, column 2: \"x\" is not a number");
  EXPECT_TRUE(says(refusal("1,2\n3,\n"), "line 2, column 2: the cell is empty; write nan"));
  EXPECT_TRUE(says(refusal("1,2\n3,4,5\n"), "line 2, column 3: expected 2 cells"));
  EXPECT_TRUE(says(refusal("1,2\n3\n"), "line 2, column 2: expected 2 cells"));
  EXPECT_TRUE(says(refusal("1,2\n\"3,4\n"), "line 2, column 1: a quote is not closed"));
  EXPECT_TRUE(says(refusal(""), "no rows"));
  EXPECT_TRUE(says(refusal("a,b\n"), "no rows"));
}

}  // namespace
}  // namespace octet::data
