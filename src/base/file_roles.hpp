// What a command reads and what it writes: nothing may be both.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <utility>
#include <vector>

#include "base/file_identity.hpp"

namespace octet::base {

// Files are compared by identity, in whatever order they are named. Name all of them before
// anything is opened for writing.
class FileRoles {
 public:
  // A file that is read; of a folder its .pb files and those of the test data sets in it. Throws
  // Error{invalid_argument} when it is written too.
  void reads(const std::filesystem::path& file);
  // A file that is written. Devices and pipes may be written as often as one likes. Throws
  // Error{invalid_argument} when it is read too, or written twice.
  void writes(const std::filesystem::path& file);

  // The permissions that every file read has, and the owner's: what is written from them may be
  // open to nobody else.
  [[nodiscard]] mode_t widest_mode() const { return widest_mode_; }

 private:
  using Named = std::pair<FileIdentity, std::filesystem::path>;
  void reads_folder(const std::filesystem::path& folder);

  std::vector<Named> read_;
  std::vector<Named> written_;
  mode_t widest_mode_ = 0777;
};

}  // namespace octet::base
