// Files that appear whole, by rename, or not at all.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

namespace octet::base {

// A hidden folder beside the targets, in which files are made under their final names before they
// are moved out. Removed with all that is left in it at the end of its life. The target's folder is
// made when missing.
class StagingFolder {
 public:
  // Throws Error{io} when the target's folder cannot be written.
  explicit StagingFolder(const std::filesystem::path& target);
  StagingFolder(const StagingFolder&) = delete;
  StagingFolder& operator=(const StagingFolder&) = delete;
  ~StagingFolder();
  [[nodiscard]] const std::filesystem::path& path() const& { return path_; }

 private:
  std::filesystem::path path_;
};

// A file of fixed size in a staging folder, mapped for writing. commit() flushes it to disk and
// renames it over the target; until then the target stays as it was. Bytes not written are zero.
// Writers of disjoint ranges may be on different threads.
class OutputFile {
 public:
  // Throws Error{io} when the disk has no room for `size_bytes`. The staging folder must outlive
  // it.
  OutputFile(std::filesystem::path target, std::size_t size_bytes, const StagingFolder& staging);
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  ~OutputFile();

  [[nodiscard]] std::span<std::byte> bytes() & { return {data_, size_}; }
  [[nodiscard]] const std::filesystem::path& staged() const& { return staged_; }
  [[nodiscard]] const std::filesystem::path& target() const& { return target_; }

  // Tells the kernel that these bytes of bytes() are written and need not stay resident. Bytes of
  // another file are left alone.
  void release(std::span<std::byte> bytes) const;
  // Ends writing: the mapping is closed, bytes() is empty, and the staged file is complete for
  // readers.
  void seal();
  // Seals and flushes to disk; commit() then only renames. Throws Error{io}.
  void flush();
  // Flushes, renames. Throws Error{io}; the target is then unchanged.
  void commit();

 private:
  std::filesystem::path target_;
  std::filesystem::path staged_;
  int fd_ = -1;
  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
  bool flushed_ = false;
};

}  // namespace octet::base
