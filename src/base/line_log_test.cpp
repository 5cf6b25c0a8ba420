#include "base/line_log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/places.hpp"
#include "support/temporary_folder.hpp"

namespace octet::base {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(LineLog, KeepsWhatWasThereAndMakesItsFolders) {
  const test::TemporaryFolder folder;
  const auto path = folder / "a" / "b" / "log.jsonl";
  EXPECT_THAT(read_lines(path), IsEmpty());
  LineLog(path, LineLog::Opening::append).add("one");
  LineLog(path, LineLog::Opening::append).add("two");
  EXPECT_THAT(read_lines(path), ElementsAre("one", "two"));
  LineLog(path, LineLog::Opening::anew).add("three");
  EXPECT_THAT(read_lines(path), ElementsAre("three"));
}

TEST(LineLog, LosesOnlyTheLineThatWasCutOff) {
  const test::TemporaryFolder folder;
  test::write_file(folder / "log", "one\ntwo\nthr");
  EXPECT_THAT(read_lines(folder / "log"), ElementsAre("one", "two"));
  LineLog(folder / "log", LineLog::Opening::append).add("four");
  EXPECT_THAT(read_lines(folder / "log"), ElementsAre("one", "two", "thr", "four"));
}

}  // namespace
}  // namespace octet::base
