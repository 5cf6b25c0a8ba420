// A file mapped read-only.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

namespace octet::base {

// Owns a private read-only mapping of a whole file. The bytes live as long as this object; a view
// into them must not outlive it. The file is never opened for writing. An empty file gives an empty
// span.
class MappedFile {
 public:
  // Throws Error{io} when the path is missing, not a regular file, or cannot be mapped.
  static MappedFile open(const std::filesystem::path& path);

  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  ~MappedFile();

  [[nodiscard]] std::span<const std::byte> bytes() const& { return {data_, size_}; }
  [[nodiscard]] std::span<const std::byte> bytes() const&& = delete;
  [[nodiscard]] const std::filesystem::path& path() const& { return path_; }

  // Tells the kernel that these bytes of the mapping are not needed any more, so that they stop
  // counting as resident. They may be read again: they come back from the page cache. Ranges
  // outside the mapping, and small ones, are ignored. Reading one byte can bring in a megabyte or
  // two around it, so whoever skips over a weight releases it too.
  void release(std::span<const std::byte> bytes) const;

 private:
  MappedFile() = default;
  const std::byte* data_ = nullptr;
  std::size_t size_ = 0;
  std::filesystem::path path_;
};

}  // namespace octet::base
