// Which file a path means, whatever it is called.
#pragma once

#include <sys/types.h>

#include <filesystem>

namespace octet::base {

// A file by device and inode; one that is not there yet by the nearest folder that is, and the
// names below it. Two paths mean one file exactly when their identities are equal: hard links,
// symbolic links and spellings do not matter.
struct FileIdentity {
  dev_t device = 0;
  ino_t inode = 0;
  std::filesystem::path rest;  // below that folder; empty for a file that exists
  bool operator==(const FileIdentity&) const = default;
};

[[nodiscard]] FileIdentity identify(const std::filesystem::path& path);

// Where writing to `path` ends: symbolic links are followed, one that points to nothing too. Throws
// Error{io} when they go round in a circle.
[[nodiscard]] std::filesystem::path followed(const std::filesystem::path& path);

// The folder a file lies in: "." for a bare name.
[[nodiscard]] std::filesystem::path folder_of(const std::filesystem::path& file);

}  // namespace octet::base
