// Files that appear whole, by rename, or not at all.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>

#include "base/guarded_mapping.hpp"
#include "base/staging_folder.hpp"

namespace octet::base {

// A file of fixed size in a staging folder, mapped for writing. commit() flushes it to disk and
// renames it over the target; until then the target stays as it was. Bytes not written are zero.
// Writers of disjoint ranges may be on different threads. It has the permissions of the file it
// replaces, else those the umask gives, but none that `widest` lacks.
class OutputFile {
 public:
  // Called now and then with bytes done and in all; may throw to stop.
  using Tick = std::function<void(std::uint64_t done, std::uint64_t total)>;

  // Throws Error{io} when the disk has no room for `size_bytes`. The staging folder must outlive
  // it.
  OutputFile(const std::filesystem::path& target, std::size_t size_bytes,
             const StagingFolder& staging, mode_t widest = 0777);
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  ~OutputFile();

  [[nodiscard]] std::span<std::byte> bytes() & { return {mapping_.data(), mapping_.size()}; }
  [[nodiscard]] const std::filesystem::path& staged() const& { return staged_; }
  const std::filesystem::path& staged() const&& = delete;
  [[nodiscard]] const std::filesystem::path& target() const& { return target_; }
  const std::filesystem::path& target() const&& = delete;
  [[nodiscard]] mode_t mode() const { return mode_; }

  // Tells the kernel that these bytes of bytes() are written and need not stay resident. Bytes of
  // another file are left alone.
  void release(std::span<std::byte> bytes) const;
  // Gives it another name, here and where it will appear. Throws Error{io}.
  void rename(const std::string& name);
  // Ends writing: the mapping is closed, bytes() is empty, and the staged file is complete for
  // readers. Throws Error{io} when the disk lost what was written.
  void seal();
  // Seals and flushes to disk; commit() then only renames. Throws Error{io}, and what `tick`
  // throws.
  void flush(const Tick& tick = {});
  // Flushes, renames. Throws Error{io}; the target is then unchanged.
  void commit();
  // The same, but replaces nothing: false when something of that name is there.
  [[nodiscard]] bool commit_new();

 private:
  void set_mode(mode_t widest);
  [[noreturn]] void give_up(const char* what, int error);

  std::filesystem::path target_;
  std::filesystem::path staged_;
  int fd_ = -1;
  GuardedMapping mapping_;
  std::uint64_t size_ = 0;
  mode_t mode_ = 0;
  bool flushed_ = false;
};

}  // namespace octet::base
