#include "base/mapped_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "base/io_error.hpp"

namespace octet::base {

MappedFile MappedFile::open(const std::filesystem::path& path) {
  // O_NONBLOCK: a pipe that nobody writes to must be refused, not waited for.
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (fd < 0) io_error(path, "cannot open", errno);
  struct stat info {};
  const int error = ::fstat(fd, &info) == 0 ? 0 : errno;
  if (error != 0 || !S_ISREG(info.st_mode)) {
    ::close(fd);
    if (error != 0) io_error(path, "cannot read what kind of file it is", error);
    throw Error(ErrorCode::io,
                fmt::format("{}: is not a regular file: {}", path.string(),
                            S_ISDIR(info.st_mode) ? "it is a folder" : "it is a pipe or a device"));
  }
  MappedFile file;
  file.path_ = path;
  file.stamp_ = FileStamp::of(info);
  if (info.st_size != 0) {
    const auto size = static_cast<std::size_t>(info.st_size);
    file.mapping_ = GuardedMapping(size, PROT_READ, MAP_PRIVATE, fd);
  }
  const int map_error = errno;
  ::close(fd);
  if (info.st_size != 0 && file.mapping_.data() == nullptr) io_error(path, "cannot map", map_error);
  return file;
}

void MappedFile::verify() const {
  if (mapping_.broken()) {
    throw Error(ErrorCode::io,
                fmt::format("{}: it was cut short while it was being read, or its disk fails; run "
                            "again when nobody writes to it",
                            path_.string()));
  }
  if (!path_.empty()) refuse_change(path_, stamp_);
}

void MappedFile::release(std::span<const std::byte> bytes) const {
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const auto first = reinterpret_cast<std::uintptr_t>(mapping_.data());
  auto begin = reinterpret_cast<std::uintptr_t>(bytes.data());
  auto end = begin + bytes.size();
  if (mapping_.data() == nullptr || begin < first || end > first + mapping_.size()) return;
  begin = (begin + page - 1) / page * page;  // whole pages inside the range only
  end = end / page * page;
  constexpr std::uintptr_t worth_a_call = 64 * 1024;
  if (begin + worth_a_call <= end)
    ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
}

}  // namespace octet::base
