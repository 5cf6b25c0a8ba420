// One at a time in a folder, for as long as it takes to move files about.
#pragma once

#include <filesystem>

namespace octet::base {

// Holds the advisory lock of a folder that must exist; waits for whoever holds it. Held over
// renames and removals only, never over work. The kernel gives it back when the process ends,
// however that happens, and nothing is left in the folder. Where a file system has no locks (or the
// folder cannot be read) held() is false: then nobody is kept out.
class FolderLock {
 public:
  // Throws Error{io} when somebody holds it for half a minute, or the file system refuses.
  explicit FolderLock(const std::filesystem::path& folder);
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  ~FolderLock();
  [[nodiscard]] bool held() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

// The errno of a flock(2) that says: this file system has no locks.
[[nodiscard]] bool has_no_locks(int error);

}  // namespace octet::base
