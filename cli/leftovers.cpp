#include "leftovers.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <string_view>
#include <system_error>

namespace octet::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view prefix = ".octet-";
constexpr std::size_t name_length = prefix.size() + 6;

bool is_staging_folder(const fs::path& path) {
  const std::string name = path.filename().string();
  std::error_code ec;
  return name.size() == name_length && name.starts_with(prefix) &&
         fs::is_directory(fs::symlink_status(path, ec));
}

// The marker in a staging folder, locked: then its process is gone, and no other run's sweep is at
// it.
class Marker {
 public:
  explicit Marker(const fs::path& folder)
      : fd_(::open((folder / ".octet-lock").c_str(),
                   O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)) {}
  Marker(const Marker&) = delete;
  Marker& operator=(const Marker&) = delete;
  ~Marker() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] bool says_that_all_may_go() const {
    struct stat status {};
    return fd_ >= 0 && ::flock(fd_, LOCK_EX | LOCK_NB) == 0 && ::fstat(fd_, &status) == 0 &&
           S_ISREG(status.st_mode) && status.st_uid == ::geteuid() &&
           status.st_size == 0;  // nothing announced
  }

 private:
  int fd_;
};

}  // namespace

void remove_leftovers(const fs::path& folder) noexcept {
  try {
    std::error_code ec;
    for (fs::directory_iterator it(folder, ec), end; !ec && it != end; it.increment(ec)) {
      if (!is_staging_folder(it->path())) continue;
      const Marker marker(it->path());
      std::error_code ignored;
      if (marker.says_that_all_may_go()) fs::remove_all(it->path(), ignored);
    }
  } catch (...) {  // NOLINT: no memory for names; the next run sweeps
  }
}

}  // namespace octet::cli
