#include "base/mapped_file.hpp"

#include <gtest/gtest.h>

#include <utility>

#include "octet/error.hpp"
#include "support/temporary_folder.hpp"

namespace octet::base {
namespace {

using test::TemporaryFolder;

std::string text(const MappedFile& file) {
  const auto bytes = file.bytes();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

TEST(MappedFile, ShowsTheBytesOfAFile) {
  const TemporaryFolder folder;
  test::write_file(folder / "f", "some bytes");
  const MappedFile file = MappedFile::open(folder / "f");
  EXPECT_EQ(text(file), "some bytes");
  EXPECT_EQ(file.path(), folder / "f");
}

TEST(MappedFile, GivesAnEmptySpanForAnEmptyFile) {
  const TemporaryFolder folder;
  test::write_file(folder / "f", "");
  const MappedFile file = MappedFile::open(folder / "f");
  EXPECT_TRUE(file.bytes().empty());
}

TEST(MappedFile, RefusesAFolderAndNamesIt) {
  const TemporaryFolder folder;
  try {
    (void)MappedFile::open(folder.path());
    FAIL() << "a folder was mapped";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::io);
    EXPECT_EQ(std::string(error.what()).rfind(folder.path().string() + ": ", 0), 0U)
        << error.what();
  }
}

TEST(MappedFile, RefusesADevice) {
  EXPECT_THROW((void)MappedFile::open("/dev/null"), Error);
}

TEST(MappedFile, RefusesAMissingFile) {
  const TemporaryFolder folder;
  EXPECT_THROW((void)MappedFile::open(folder / "nothing"), Error);
}

TEST(MappedFile, KeepsItsBytesAtTheirPlaceWhenMoved) {
  const TemporaryFolder folder;
  test::write_file(folder / "f", "abc");
  test::write_file(folder / "g", "defg");
  MappedFile first = MappedFile::open(folder / "f");
  const auto* place = std::as_const(first).bytes().data();
  MappedFile second = std::move(first);
  EXPECT_EQ(second.bytes().data(), place);
  second = MappedFile::open(folder / "g");
  EXPECT_EQ(text(second), "defg");
}

TEST(MappedFile, CanReadReleasedBytesAgain) {
  const TemporaryFolder folder;
  const std::string content(1 << 20, 'w');
  test::write_file(folder / "f", content);
  const MappedFile file = MappedFile::open(folder / "f");
  file.release(file.bytes());
  file.release(file.bytes().first(3));
  file.release(std::as_bytes(std::span(content)));  // not of this mapping
  EXPECT_EQ(text(file), content);
}

}  // namespace
}  // namespace octet::base
