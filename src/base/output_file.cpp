#include "base/output_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "octet/error.hpp"

namespace octet::base {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& path, const char* what, int error) {
  throw Error(ErrorCode::io, fmt::format("{}: {}: {}", path.string(), what, std::strerror(error)));
}

fs::path folder_of(const fs::path& target) {
  const fs::path folder = target.parent_path();
  return folder.empty() ? fs::path(".") : folder;
}

}  // namespace

StagingFolder::StagingFolder(const fs::path& target) {
  std::error_code ec;
  if (target.filename().empty() || fs::is_directory(target, ec))
    fail(target, "cannot write the output", EISDIR);
  if (fs::exists(target, ec) && !fs::is_regular_file(target, ec)) {
    throw Error(ErrorCode::io,  // a device or a pipe: the rename would replace it
                fmt::format("{}: cannot write the output: not a regular file", target.string()));
  }
  fs::create_directories(folder_of(target), ec);
  if (ec) fail(folder_of(target), "cannot create the output folder", ec.value());
  std::string pattern = (folder_of(target) / ".octet-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) fail(target, "cannot write beside the output", errno);
  path_ = pattern;
}

StagingFolder::~StagingFolder() {
  std::error_code ec;  // nothing to be done about a failure here
  fs::remove_all(path_, ec);
}

OutputFile::OutputFile(fs::path target, std::size_t size_bytes, const StagingFolder& staging)
    : target_(std::move(target)), staged_(staging.path() / target_.filename()), size_(size_bytes) {
  fd_ = ::open(staged_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (fd_ < 0) fail(target_, "cannot create the output", errno);
  if (size_ == 0) return;
  const auto give_up = [&](const char* what, int error) {
    ::close(fd_);
    fail(target_, what, error);
  };
  // Reserve the blocks now: a full disk must be an error here, not a SIGBUS while a page is
  // written.
  const int error = ::posix_fallocate(fd_, 0, static_cast<off_t>(size_));
  if (error != 0) give_up("cannot reserve the output's size on disk", error);
  void* data = ::mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_SHARED, fd_, 0);
  if (data == MAP_FAILED) give_up("cannot map the output", errno);
  data_ = static_cast<std::byte*>(data);
}

OutputFile::~OutputFile() {
  seal();
  if (fd_ >= 0) ::close(fd_);
}

void OutputFile::release(std::span<std::byte> bytes) const {
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const auto first = reinterpret_cast<std::uintptr_t>(bytes.data());
  const std::uintptr_t begin =
      (first + page - 1) / page * page;  // whole pages inside the range only
  const std::uintptr_t end = (first + bytes.size()) / page * page;
  const auto mine = reinterpret_cast<std::uintptr_t>(data_);
  if (data_ == nullptr || begin >= end || begin < mine || end > mine + size_) return;
  // A shared mapping: dirty pages stay in the page cache. They start their way to the disk now, so
  // that flush() finds most of it done.
  ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
#ifdef __linux__
  const auto offset = static_cast<off64_t>(begin - mine);
  ::sync_file_range(fd_, offset, static_cast<off64_t>(end - begin), SYNC_FILE_RANGE_WRITE);
#endif
}

void OutputFile::seal() {
  if (data_ != nullptr) ::munmap(std::exchange(data_, nullptr), std::exchange(size_, 0));
}

void OutputFile::flush() {
  seal();
  if (!flushed_ && ::fsync(fd_) != 0) fail(target_, "cannot flush the output to disk", errno);
  flushed_ = true;
}

void OutputFile::commit() {
  flush();
  if (::rename(staged_.c_str(), target_.c_str()) != 0)
    fail(target_, "cannot move the finished file into place", errno);
  const int folder = ::open(folder_of(target_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder >=
      0) {  // makes the rename itself durable; a file system that cannot do it has still renamed
    ::fsync(folder);
    ::close(folder);
  }
}

}  // namespace octet::base
