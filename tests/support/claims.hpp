// Claims tests make about messages, arrays and refusals.
#pragma once

#include <gtest/gtest.h>

#include <ranges>
#include <string>
#include <string_view>
#include <vector>

#include "octet/error.hpp"

namespace octet::test {

// EXPECT_TRUE(says(message, "part"))
[[nodiscard]] inline ::testing::AssertionResult says(std::string_view text, std::string_view part) {
  if (text.find(part) != std::string_view::npos) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << "\"" << text << "\" does not say \"" << part << "\"";
}

// EXPECT_TRUE(holds(tensor.dims, {2, 3}))
template <typename Range>
[[nodiscard]] ::testing::AssertionResult holds(
    const Range& range, const std::vector<std::ranges::range_value_t<Range>>& expected) {
  const std::vector<std::ranges::range_value_t<Range>> found(range.begin(), range.end());
  if (found == expected) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure()
         << ::testing::PrintToString(found) << " instead of " << ::testing::PrintToString(expected);
}

// The one-line message of the Error{code} that `call` throws; "" and a failed test when it does
// not.
template <typename Call>
[[nodiscard]] std::string refusal(ErrorCode code, const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code) << error.what();
    EXPECT_TRUE(std::string_view(error.what()).find('\n') == std::string_view::npos);
    return error.what();
  }
  ADD_FAILURE() << "nothing was refused";
  return "";
}

}  // namespace octet::test
