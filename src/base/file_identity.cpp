#include "base/file_identity.hpp"

#include <sys/stat.h>

#include <cerrno>

#include "base/io_error.hpp"

namespace octet::base {

namespace fs = std::filesystem;

fs::path folder_of(const fs::path& file) {
  const fs::path folder = file.parent_path();
  return folder.empty() ? fs::path(".") : folder;
}

fs::path followed(const fs::path& path) {
  constexpr int most_links = 40;  // as the kernel has it
  fs::path out = path;
  std::error_code ec;
  for (int i = 0; i < most_links; ++i) {
    if (!fs::is_symlink(fs::symlink_status(out, ec))) return out;
    const fs::path target = fs::read_symlink(out, ec);
    if (ec) io_error(path, "cannot follow the symbolic link", ec.value());
    out = folder_of(out) / target;  // an absolute target replaces the folder
  }
  io_error(path, "cannot follow the symbolic link", ELOOP);
}

FileIdentity identify(const fs::path& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) == 0) return {info.st_dev, info.st_ino, {}};
  fs::path there = followed(path);
  fs::path rest;
  do {
    rest = rest.empty() ? there.filename() : there.filename() / rest;
    const fs::path folder = folder_of(there);
    if (folder == there) break;
    there = folder;
  } while (::stat(there.c_str(), &info) != 0);
  const fs::path plain = rest.lexically_normal();
  if (plain != rest) return identify(there / plain);  // "missing/../in.onnx" may be there after all
  return {info.st_dev, info.st_ino, rest};
}

}  // namespace octet::base
