#include "base/output_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <utility>

#include "base/file_identity.hpp"
#include "base/io_error.hpp"

namespace octet::base {
namespace {

namespace fs = std::filesystem;

// posix_fallocate, with a limit on file sizes (ulimit -f) as an error and not as a deadly signal.
int reserve(int fd, std::size_t size) {
  sigset_t too_large;
  sigset_t before;
  ::sigemptyset(&too_large);
  ::sigaddset(&too_large, SIGXFSZ);
  ::pthread_sigmask(SIG_BLOCK, &too_large, &before);
  const int error = ::posix_fallocate(fd, 0, static_cast<off_t>(size));
  const timespec now{};
  while (error == EFBIG && ::sigtimedwait(&too_large, nullptr, &now) < 0 && errno == EINTR) {
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return error;
}

// Makes renames in the folder durable; a file system that cannot do it has still renamed.
void flush_folder(const fs::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  ::fsync(fd);
  ::close(fd);
}

// rename(2) that fails with EEXIST instead of replacing.
int rename_new(const fs::path& from, const fs::path& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return errno;  // a file system that does not know how
  if (::link(from.c_str(), to.c_str()) != 0) return errno;
  ::unlink(from.c_str());
  return 0;
}

}  // namespace

OutputFile::OutputFile(const fs::path& target, std::size_t size_bytes, const StagingFolder& staging,
                       mode_t widest)
    : target_(followed(target)), staged_(staging.path() / target_.filename()), size_(size_bytes) {
  fd_ = ::open(staged_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (fd_ < 0) io_error(target_, "cannot create the output", errno);
  set_mode(widest);
  if (size_bytes == 0) return;
  // Reserve the blocks now: a full disk must be an error here, not a SIGBUS while a page is
  // written.
  if (const int error = reserve(fd_, size_bytes); error != 0)
    give_up("cannot reserve the output's size on disk", error);
  mapping_ = GuardedMapping(size_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd_);
  if (mapping_.data() == nullptr) give_up("cannot map the output", errno);
}

OutputFile::~OutputFile() {
  if (fd_ >= 0) ::close(fd_);
}

void OutputFile::give_up(const char* what, int error) {
  ::close(std::exchange(fd_, -1));
  io_error(target_, what, error);
}

void OutputFile::set_mode(mode_t widest) {
  struct stat made {};
  if (::fstat(fd_, &made) != 0) give_up("cannot read the output's permissions", errno);
  constexpr mode_t permissions = 0777;
  struct stat old {};
  const bool replaces = ::stat(target_.c_str(), &old) == 0 && S_ISREG(old.st_mode);
  const mode_t created = made.st_mode & permissions;
  mode_ = replaces ? old.st_mode & permissions : created & widest;
  if (mode_ != created && ::fchmod(fd_, mode_) != 0)
    give_up("cannot set the output's permissions", errno);
}

void OutputFile::release(std::span<std::byte> bytes) const {
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const auto first = reinterpret_cast<std::uintptr_t>(bytes.data());
  const std::uintptr_t begin =
      (first + page - 1) / page * page;  // whole pages inside the range only
  const std::uintptr_t end = (first + bytes.size()) / page * page;
  const auto mine = reinterpret_cast<std::uintptr_t>(mapping_.data());
  if (mine == 0 || begin >= end || begin < mine || end > mine + mapping_.size()) return;
  // A shared mapping: dirty pages stay in the page cache. They start their way to the disk now, so
  // that flush() finds most of it done.
  ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
  const auto offset = static_cast<off64_t>(begin - mine);
  ::sync_file_range(fd_, offset, static_cast<off64_t>(end - begin), SYNC_FILE_RANGE_WRITE);
}

void OutputFile::rename(const std::string& name) {
  const fs::path staged = staged_.parent_path() / name;
  if (const int error = rename_new(staged_, staged); error != 0)
    io_error(target_, "cannot rename the unfinished output", error);
  staged_ = staged;
  target_.replace_filename(name);
}

void OutputFile::seal() {
  const GuardedMapping done = std::exchange(mapping_, {});
  if (done.broken()) io_error(target_, "its disk lost what was written", EIO);
}

void OutputFile::flush(const Tick& tick) {
  seal();
  if (flushed_) return;
  // Piece by piece, so that somebody who asks to stop is heard.
  constexpr std::uint64_t piece = std::uint64_t{16} << 20U;
  for (std::uint64_t at = 0; tick && at < size_; at += piece) {
    tick(at, size_);
    ::sync_file_range(
        fd_, static_cast<off64_t>(at), static_cast<off64_t>(std::min(piece, size_ - at)),
        SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER);
  }
  if (::fsync(fd_) != 0) io_error(target_, "cannot flush the output to disk", errno);
  flushed_ = true;
  if (tick) tick(size_, size_);
}

void OutputFile::commit() {
  flush();
  if (::rename(staged_.c_str(), target_.c_str()) != 0)
    io_error(target_, "cannot move the finished file into place", errno);
  flush_folder(folder_of(target_));
}

bool OutputFile::commit_new() {
  flush();
  const int error = rename_new(staged_, target_);
  if (error == EEXIST) return false;
  if (error != 0) io_error(target_, "cannot move the finished file into place", error);
  flush_folder(folder_of(target_));
  return true;
}

}  // namespace octet::base
