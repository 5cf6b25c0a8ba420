// What of a file changes when somebody writes to it.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <filesystem>

namespace octet::base {

// Which file it is, its size and its times to the nanosecond. Equal stamps at the beginning and at
// the end say that what was read in between was one file, as far as the file system tells.
struct FileStamp {
  dev_t device = 0;
  ino_t inode = 0;
  std::int64_t size_bytes = 0;
  std::int64_t modified_ns = 0;
  std::int64_t changed_ns = 0;
  bool operator==(const FileStamp&) const = default;

  static FileStamp of(const struct stat& info);
  // All zero when the path names nothing.
  static FileStamp of(const std::filesystem::path& path);
};

// Throws Error{io} when the file at `path` is not what `before` says.
void refuse_change(const std::filesystem::path& path, const FileStamp& before);

}  // namespace octet::base
