// A file mapped read-only.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

#include "base/file_stamp.hpp"
#include "base/guarded_mapping.hpp"

namespace octet::base {

// Owns a private read-only mapping of a whole file. The bytes live as long as this object; a view
// into them must not outlive it. The file is never opened for writing. An empty file gives an empty
// span. Bytes of a file that somebody cuts short meanwhile read as zeroes: call verify() before
// believing what was read.
class MappedFile {
 public:
  // Throws Error{io} when the path is missing, not a regular file (a pipe is refused at once, not
  // waited for), or cannot be mapped.
  static MappedFile open(const std::filesystem::path& path);

  [[nodiscard]] std::span<const std::byte> bytes() const& {
    return {mapping_.data(), mapping_.size()};
  }
  [[nodiscard]] std::span<const std::byte> bytes() const&& = delete;
  [[nodiscard]] const std::filesystem::path& path() const& { return path_; }
  const std::filesystem::path& path() const&& = delete;

  // Throws Error{io} when the file was written to, cut short or replaced since it was opened.
  void verify() const;

  // Tells the kernel that these bytes of the mapping are not needed any more, so that they stop
  // counting as resident. They may be read again: they come back from the page cache. Ranges
  // outside the mapping, and small ones, are ignored. Reading one byte can bring in a megabyte or
  // two around it, so whoever skips over a weight releases it too.
  void release(std::span<const std::byte> bytes) const;

 private:
  MappedFile() = default;
  GuardedMapping mapping_;
  FileStamp stamp_;
  std::filesystem::path path_;
};

// Hands the bytes of a file to `read` and returns its answer, after making sure that the file held
// still meanwhile. A change also explains an error of `read`'s, so it goes first.
template <typename Read>
auto read_mapped(const std::filesystem::path& path, const Read& read) {
  const MappedFile file = MappedFile::open(path);
  try {
    auto out = read(file.bytes());
    file.verify();
    return out;
  } catch (...) {
    file.verify();
    throw;
  }
}

}  // namespace octet::base
