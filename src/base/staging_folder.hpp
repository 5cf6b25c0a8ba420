// The hidden folder in which files are made before they appear.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace octet::base {

// A folder ".octet-XXXXXX" beside the target, in which files are made under their final names
// before they are moved out. Removed with all that is left in it at the end of its life; one that a
// killed process left in the same place is removed at the beginning of the next one's. A lock on a
// file in it tells the dead from the living. The target's folder is made when missing, and removed
// again when nothing came to lie in it. A target that is a symbolic link means the file it points
// to.
class StagingFolder {
 public:
  // Called with a file that a killed process may have left though nothing means it: see announce().
  using Orphan = std::function<void(const std::filesystem::path&)>;

  // Throws Error{io} when the target's folder cannot be written, or the target is a folder, a
  // device or a pipe. Without `orphan`, folders of processes that had announced something are left
  // alone.
  explicit StagingFolder(const std::filesystem::path& target, const Orphan& orphan = {});
  StagingFolder(const StagingFolder&) = delete;
  StagingFolder& operator=(const StagingFolder&) = delete;
  ~StagingFolder();
  [[nodiscard]] const std::filesystem::path& path() const& { return path_; }
  const std::filesystem::path& path() const&& = delete;
  // The file itself, links followed.
  [[nodiscard]] const std::filesystem::path& target() const& { return target_; }
  const std::filesystem::path& target() const&& = delete;

  // Writes down which files beside the target may mean nothing when this process is killed from now
  // on: those that appear before it has finished, and those it would have removed at the end.
  // Replaces what was written down before. Throws Error{io}.
  void announce(const std::vector<std::string>& names) const;

 private:
  void make(const std::filesystem::path& folder, const Orphan& orphan);
  void remove() noexcept;

  std::filesystem::path target_;
  std::filesystem::path path_;
  std::vector<std::filesystem::path> made_;  // folders that were missing, outermost first
  int marker_ = -1;                          // locked as long as this process lives
};

// Removes a file, or a folder with all that is in it; tries once more when that fails, so that
// nothing stays for a passing fault.
void remove_surely(const std::filesystem::path& path) noexcept;

}  // namespace octet::base
