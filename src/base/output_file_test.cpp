#include "base/output_file.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <stdexcept>

#include "octet/error.hpp"
#include "support/temporary_folder.hpp"

namespace octet::base {
namespace {

using test::read_file;
using test::TemporaryFolder;
using Names = std::set<std::string>;

void write(OutputFile& file, const std::string& text) {
  std::memcpy(file.bytes().data(), text.data(), text.size());
}

TEST(OutputFile, AppearsOnlyByCommit) {
  const TemporaryFolder folder;
  {
    const StagingFolder staging(folder / "out.onnx");
    OutputFile file(folder / "out.onnx", 5, staging);
    write(file, "hello");
    file.flush();
    EXPECT_FALSE(std::filesystem::exists(folder / "out.onnx"));
    EXPECT_EQ(read_file(file.staged()), "hello");
    file.commit();
    EXPECT_EQ(read_file(folder / "out.onnx"), "hello");
  }
  EXPECT_EQ(folder.names(), Names{"out.onnx"});
}

TEST(OutputFile, LeavesTheTargetAsItWasWithoutCommit) {
  const TemporaryFolder folder;
  test::write_file(folder / "out.onnx", "old");
  {
    const StagingFolder staging(folder / "out.onnx");
    OutputFile file(folder / "out.onnx", 5, staging);
    write(file, "hello");
    file.seal();
  }
  EXPECT_EQ(read_file(folder / "out.onnx"), "old");
  EXPECT_EQ(folder.names(), Names{"out.onnx"});
}

TEST(OutputFile, ReplacesAnExistingTarget) {
  const TemporaryFolder folder;
  test::write_file(folder / "out.onnx", "older and longer");
  const StagingFolder staging(folder / "out.onnx");
  OutputFile file(folder / "out.onnx", 3, staging);
  write(file, "new");
  file.commit();
  EXPECT_EQ(read_file(folder / "out.onnx"), "new");
}

TEST(OutputFile, IsZeroWhereNothingWasWritten) {
  const TemporaryFolder folder;
  const StagingFolder staging(folder / "out");
  OutputFile file(folder / "out", 10000, staging);
  file.commit();
  EXPECT_EQ(read_file(folder / "out"), std::string(10000, '\0'));
}

TEST(OutputFile, KeepsReleasedBytes) {
  const TemporaryFolder folder;
  const StagingFolder staging(folder / "out");
  const std::string content(1 << 20, 'q');
  OutputFile file(folder / "out", content.size(), staging);
  write(file, content);
  file.release(file.bytes());
  file.release(file.bytes().subspan(1, 10));  // less than a page
  EXPECT_EQ(std::memcmp(file.bytes().data(), content.data(), content.size()), 0);
  file.commit();
  EXPECT_EQ(read_file(folder / "out"), content);
}

TEST(OutputFile, MayBeEmpty) {
  const TemporaryFolder folder;
  const StagingFolder staging(folder / "out");
  OutputFile file(folder / "out", 0, staging);
  EXPECT_TRUE(file.bytes().empty());
  file.commit();
  EXPECT_TRUE(std::filesystem::exists(folder / "out"));
}

TEST(OutputFile, RefusesASizeTheDiskCannotHold) {
  const TemporaryFolder folder;
  const StagingFolder staging(folder / "out");
  EXPECT_THROW(OutputFile(folder / "out", std::size_t{1} << 62U, staging), Error);
}

TEST(StagingFolder, VanishesWhenAnExceptionPasses) {
  const TemporaryFolder folder;
  try {
    const StagingFolder staging(folder / "out");
    OutputFile file(folder / "out", 5, staging);
    EXPECT_EQ(folder.names().size(), 1U);
    throw std::runtime_error("the fill failed");
  } catch (const std::runtime_error&) {
  }
  EXPECT_EQ(folder.names(), Names{});
}

TEST(StagingFolder, MakesTheTargetsFolder) {
  const TemporaryFolder folder;
  const StagingFolder staging(folder.path() / "a" / "b" / "out");
  EXPECT_TRUE(std::filesystem::is_directory(folder.path() / "a" / "b"));
}

TEST(StagingFolder, RefusesATargetThatIsAFolderOrHasNoName) {
  const TemporaryFolder folder;
  EXPECT_THROW(StagingFolder(folder.path()), Error);
  EXPECT_THROW(StagingFolder(folder.path() / ""), Error);
}

TEST(StagingFolder, RefusesATargetInsideAFile) {
  const TemporaryFolder folder;
  test::write_file(folder / "file", "x");
  EXPECT_THROW(StagingFolder(folder.path() / "file" / "out"), Error);
}

}  // namespace
}  // namespace octet::base
