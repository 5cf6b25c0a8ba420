#include "leftovers.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
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
  return name.size() == name_length && name.starts_with(prefix);
}

// File systems keep the time of the last tick of the kernel's clock.
constexpr long long longest_tick_ns = 20'000'000;

long long nanoseconds(const timespec& time) {
  return static_cast<long long>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

bool is_since(const fs::path& folder, const timespec& start) {
  struct stat status {};
  return ::lstat(folder.c_str(), &status) == 0 && S_ISDIR(status.st_mode) &&
         nanoseconds(status.st_ctim) >= nanoseconds(start) - longest_tick_ns;
}

// Nobody alive holds the lock of the folder's marker.
bool is_dead(const fs::path& folder) {
  const int marker = ::open((folder / ".octet-lock").c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (marker < 0) return errno == ENOENT;
  const bool dead = ::flock(marker, LOCK_EX | LOCK_NB) == 0;
  ::close(marker);
  return dead;
}

}  // namespace

void remove_leftovers(const fs::path& folder, const timespec& start) noexcept {
  try {
    std::error_code ec;
    for (fs::directory_iterator it(folder, ec), end; !ec && it != end; it.increment(ec)) {
      const fs::path& left = it->path();
      std::error_code ignored;
      if (is_staging_folder(left) && is_since(left, start) && is_dead(left))
        fs::remove_all(left, ignored);
    }
  } catch (...) {  // NOLINT: no memory for names; the next run sweeps
  }
}

}  // namespace octet::cli
