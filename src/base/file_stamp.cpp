#include "base/file_stamp.hpp"

#include <fmt/format.h>

#include "octet/error.hpp"

namespace octet::base {
namespace {

std::int64_t nanoseconds(const timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

FileStamp FileStamp::of(const struct stat& info) {
  return {info.st_dev, info.st_ino, info.st_size, nanoseconds(info.st_mtim),
          nanoseconds(info.st_ctim)};
}

FileStamp FileStamp::of(const std::filesystem::path& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 ? of(info) : FileStamp{};
}

void refuse_change(const std::filesystem::path& path, const FileStamp& before) {
  if (FileStamp::of(path) == before) return;
  throw Error(ErrorCode::io,
              fmt::format("{}: it was changed while it was being read; run again when nobody "
                          "writes to it",
                          path.string()));
}

}  // namespace octet::base
