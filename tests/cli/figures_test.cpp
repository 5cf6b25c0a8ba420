// What a person reads while they wait.
#include "figures.hpp"

#include <gtest/gtest.h>

namespace octet::cli {
namespace {

TEST(ProgressText, SaysBytesRateAndTimeLeft) {
  EXPECT_EQ(progress_text({"quantize", 1'200'000'000, 2'400'000'000, true}, 4),
            "quantize… 50 %, 1.2 GB of 2.4 GB, 300.0 MB/s, 4 s left");
}

TEST(ProgressText, OfOtherThingsSaysShareAndTimeLeft) {
  EXPECT_EQ(progress_text({"compare", 3, 12, false}, 1.5), "compare… 25 %, 5 s left");
}

TEST(ProgressText, GuessesNothingFromNothing) {
  EXPECT_EQ(progress_text({"read"}, 9), "read…");
  EXPECT_EQ(progress_text({"prove", 0, 8, false}, 2), "prove… 0 %");
  EXPECT_EQ(progress_text({"quantize", 8000, 8000, true}, 2), "quantize… 100 %, 8.0 kB of 8.0 kB");
}

}  // namespace
}  // namespace octet::cli
