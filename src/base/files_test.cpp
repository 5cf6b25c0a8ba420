// Which files are the same, what may not be written, and what became of a file that was read.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <atomic>
#include <thread>

#include "base/atomic_text.hpp"
#include "base/content_hash.hpp"
#include "base/file_roles.hpp"
#include "base/mapped_file.hpp"
#include "base/output_file.hpp"
#include "support/claims.hpp"
#include "support/temporary_folder.hpp"

namespace octet::base {
namespace {

namespace fs = std::filesystem;
using test::read_file;
using test::refusal;
using test::says;
using test::TemporaryFolder;
using test::write_file;

TEST(FileIdentity, IsOneForEveryNameOfAFile) {
  const TemporaryFolder folder;
  write_file(folder / "f", "x");
  fs::create_symlink("f", folder / "soft");
  fs::create_hard_link(folder / "f", folder / "hard");
  for (const char* name : {"./f", "soft", "hard", "gone/../f"})
    EXPECT_EQ(identify(folder / name), identify(folder / "f")) << name;
  write_file(folder / "g", "x");
  EXPECT_NE(identify(folder / "g"), identify(folder / "f"));
}

TEST(FileIdentity, IsKnownForFilesThatAreNotThereYet) {
  const TemporaryFolder folder;
  fs::create_directory_symlink(folder.path(), folder / "door");
  fs::create_symlink("new", folder / "dangling");
  for (const char* name : {"./new", "door/new", "dangling", "gone/../new"})
    EXPECT_EQ(identify(folder / name), identify(folder / "new")) << name;
  EXPECT_EQ(identify(folder / "a/b/c"), identify(folder / "door/a/./b/c"));
  EXPECT_NE(identify(folder / "a/b/c"), identify(folder / "a/b/d"));
  EXPECT_NE(identify(folder / "new"), identify(folder / "newer"));
}

TEST(FileIdentity, RefusesLinksThatGoRound) {
  const TemporaryFolder folder;
  fs::create_symlink("b", folder / "a");
  fs::create_symlink("a", folder / "b");
  EXPECT_TRUE(says(refusal(ErrorCode::io, [&] { (void)followed(folder / "a"); }), "Too many"));
}

TEST(FileRoles, RefuseWhatIsReadAndWrittenWhicheverIsNamedFirst) {
  const TemporaryFolder folder;
  write_file(folder / "f", "x");
  FileRoles reads_first;
  reads_first.reads(folder / "f");
  EXPECT_TRUE(
      says(refusal(ErrorCode::invalid_argument, [&] { reads_first.writes(folder / "./f"); }),
           "would overwrite"));
  FileRoles writes_first;
  writes_first.writes(folder / "f");
  EXPECT_TRUE(says(refusal(ErrorCode::invalid_argument, [&] { writes_first.reads(folder / "f"); }),
                   "would overwrite"));
}

TEST(FileRoles, LetDevicesBeWrittenTwice) {
  FileRoles roles;
  roles.writes("/dev/null");
  roles.writes("/dev/null");
}

TEST(MappedFile, RefusesAPipeAtOnce) {
  const TemporaryFolder folder;
  ASSERT_EQ(::mkfifo((folder / "p").c_str(), 0600), 0);
  EXPECT_TRUE(says(refusal(ErrorCode::io, [&] { (void)MappedFile::open(folder / "p"); }), "pipe"));
}

TEST(MappedFile, CutShortReadsAsZeroesAndIsRefusedAfterwards) {
  const TemporaryFolder folder;
  const std::string content(1 << 20, 'w');
  write_file(folder / "f", content);
  const MappedFile file = MappedFile::open(folder / "f");
  file.verify();
  fs::resize_file(folder / "f", 4096);
  std::vector<std::thread> readers;
  std::atomic<int> zeroes{0};
  for (int i = 0; i < 4; ++i) {
    readers.emplace_back([&] { zeroes += file.bytes().back() == std::byte{0} ? 1 : 0; });
  }
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(zeroes, 4);
  EXPECT_EQ(file.bytes().front(), std::byte{'w'});
  EXPECT_TRUE(says(refusal(ErrorCode::io, [&] { file.verify(); }), "cut short"));
}

TEST(MappedFile, ChangedInPlaceOrReplacedIsRefused) {
  const TemporaryFolder folder;
  const auto changed_by = [&](const auto& change) {
    write_file(folder / "f", "some bytes");
    const MappedFile file = MappedFile::open(folder / "f");
    file.verify();
    ::usleep(20000);  // beyond the grain of the file system's clock
    change();
    return refusal(ErrorCode::io, [&] { file.verify(); });
  };
  EXPECT_TRUE(says(changed_by([&] { write_file(folder / "f", "same bytes"); }), "changed"));
  EXPECT_TRUE(says(changed_by([&] {
                     write_file(folder / "g", "some bytes");
                     fs::rename(folder / "g", folder / "f");
                   }),
                   "changed"));
  EXPECT_TRUE(says(changed_by([&] { fs::remove(folder / "f"); }), "changed"));
}

TEST(MappedFile, ChangedExplainsAnErrorOfItsReader) {
  const TemporaryFolder folder;
  write_file(folder / "f", std::string(100000, 'x'));
  const auto read = [&](std::span<const std::byte> bytes) -> int {
    fs::resize_file(folder / "f", 0);
    if (bytes.back() == std::byte{0}) throw Error(ErrorCode::invalid_data, "it ends with a zero");
    return 0;
  };
  EXPECT_TRUE(says(refusal(ErrorCode::io, [&] { (void)read_mapped(folder / "f", read); }), "cut"));
}

TEST(GuardedMapping, LeavesABusErrorThatIsNotItsOwnToOthers) {
  const TemporaryFolder folder;
  write_file(folder / "f", std::string(8192, 'x'));
  const MappedFile guarded = MappedFile::open(folder / "f");
  const int fd = ::open((folder / "f").c_str(), O_RDONLY);
  auto* foreign = static_cast<char*>(::mmap(nullptr, 8192, PROT_READ, MAP_SHARED, fd, 0));
  ::close(fd);
  fs::resize_file(folder / "f", 0);
  EXPECT_DEATH(
      {
        volatile char c = foreign[5000];
        (void)c;
      },
      "");
  ::munmap(foreign, 8192);
}

TEST(OutputFile, ThatTheDiskLostIsAnError) {
  const TemporaryFolder folder;
  const StagingFolder staging(folder / "out");
  OutputFile file(folder / "out", 100000, staging);
  fs::resize_file(file.staged(), 0);
  file.bytes().back() = std::byte{1};
  EXPECT_TRUE(says(refusal(ErrorCode::io, [&] { file.commit(); }), "out: "));
  EXPECT_FALSE(fs::exists(folder / "out"));
}

TEST(OutputFile, CommitNewReplacesNothing) {
  const TemporaryFolder folder;
  write_file(folder / "out", "old");
  const StagingFolder staging(folder / "out");
  OutputFile file(folder / "out", 3, staging);
  EXPECT_FALSE(file.commit_new());
  EXPECT_EQ(read_file(folder / "out"), "old");
  fs::remove(folder / "out");
  EXPECT_TRUE(file.commit_new());
  EXPECT_EQ(fs::file_size(folder / "out"), 3U);
}

// Ends the process: 0 when a file beyond the limit is refused in words.
[[noreturn]] void write_beyond_the_limit(const fs::path& path) {
  const rlimit limit{1000, 1000};
  ::setrlimit(RLIMIT_FSIZE, &limit);
  const StagingFolder staging(path);
  std::string said;
  try {
    const OutputFile file(path, 100000, staging);
  } catch (const Error& error) {
    said = error.what();
  }
  std::_Exit(said.find("File too large") != std::string::npos ? 0 : 1);
}

TEST(OutputFile, BeyondTheLimitOfFileSizesIsAnErrorAndNotASignal) {
  const TemporaryFolder folder;
  EXPECT_EXIT(write_beyond_the_limit(folder / "out"), ::testing::ExitedWithCode(0), "");
}

TEST(StagingFolder, SweepsThoseOfTheDeadAndNothingElse) {
  const TemporaryFolder folder;
  write_file(folder / ".octet-abcdef/.octet-lock", "");
  write_file(folder / ".octet-abcdef/out.onnx", "half");
  fs::create_directories(folder / ".octet-ABC123");       // killed before its marker
  write_file(folder / ".octet-nomark/precious", "x");     // not one of ours
  write_file(folder / ".octet-toolong/.octet-lock", "");  // not our pattern
  write_file(folder / ".octet-ghijkl", "a file");
  write_file(folder / ".octet-waits0/.octet-lock",
             "out.data");  // announced: for who understands it
  const StagingFolder living(folder / "out.onnx");
  const std::string mine = living.path().filename().string();
  const StagingFolder other(folder / "out.onnx");
  EXPECT_EQ(folder.names(),
            (std::set<std::string>{".octet-nomark", ".octet-toolong", ".octet-ghijkl",
                                   ".octet-waits0", mine, other.path().filename().string()}));
  fs::path orphan;
  const StagingFolder third(folder / "out.onnx", [&](const fs::path& path) { orphan = path; });
  EXPECT_EQ(orphan, folder / "out.data");
  EXPECT_FALSE(fs::exists(folder / ".octet-waits0"));
}

TEST(StagingFolder, RemovesTheFoldersItMadeWhenNothingCameToLieInThem) {
  const TemporaryFolder folder;
  { const StagingFolder staging(folder.path() / "a" / "b" / "out"); }
  EXPECT_TRUE(folder.names().empty());
}

TEST(TextFile, IsWrittenIntoWhatIsNoFile) {
  write_text_file("/dev/null", "text");
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST(TextFile, SaysWhyItCannotBeRead) {
  const TemporaryFolder folder;
  EXPECT_TRUE(says(refusal(ErrorCode::io, [&] { (void)read_text_file(folder / "f"); }),
                   "cannot read the file: No such file or directory"));
  EXPECT_TRUE(
      says(refusal(ErrorCode::io, [&] { (void)read_text_file(folder.path()); }), "Is a directory"));
}

TEST(ContentHash, DependsOnEveryByteAndNotOnThreads) {
  std::vector<std::byte> bytes((std::size_t{3} << 20U) + 17);
  const std::uint64_t zeroes = content_hash(bytes);
  EXPECT_EQ(content_hash(bytes, 4), zeroes);
  std::set<std::uint64_t> seen = {zeroes};
  for (std::size_t at = 0; at < bytes.size(); at += 65537) {
    bytes[at] = std::byte{1};
    seen.insert(content_hash(bytes));
    bytes[at] = std::byte{0};
  }
  EXPECT_EQ(seen.size(), 1 + (bytes.size() + 65536) / 65537);
  EXPECT_NE(content_hash(std::span(bytes).first(10)), content_hash(std::span(bytes).first(11)));
}

}  // namespace
}  // namespace octet::base
