#include "streams.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

#include "octet/error.hpp"

namespace octet::cli {
namespace {

[[noreturn]] void refuse(const std::string& fact) {
  throw Error(ErrorCode::io, "standard output: " + fact + "; nothing was written");
}

// The device that is always full, for tests of what happens then.
bool is_full_device(const struct stat& status) {
  return S_ISCHR(status.st_mode) && status.st_rdev == ::makedev(1, 7);
}

}  // namespace

void open_closed_streams() {
  for (int fd = 0; fd <= 2; ++fd) {
    if (::fcntl(fd, F_GETFD) >= 0 || errno != EBADF) continue;
    // The lowest free number is this one. An output opened for reading refuses what is written.
    (void)::open("/dev/null", fd == STDERR_FILENO ? O_WRONLY : O_RDONLY);
  }
}

void check_output() {
  const int flags = ::fcntl(STDOUT_FILENO, F_GETFL);
  if (flags < 0) refuse(std::generic_category().message(errno));
  if ((flags & O_ACCMODE) == O_RDONLY) refuse("is closed");
  struct stat status {};
  if (::fstat(STDOUT_FILENO, &status) != 0) refuse(std::generic_category().message(errno));
  if (is_full_device(status)) refuse(std::generic_category().message(ENOSPC));
  pollfd writing{STDOUT_FILENO, POLLOUT, 0};
  const bool piped = S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode);
  if (piped && ::poll(&writing, 1, 0) == 1 && (writing.revents & POLLERR) != 0) throw NobodyReads();
}

void say(const char* text, unsigned long size) noexcept {
  while (size > 0) {
    const ssize_t n = ::write(STDERR_FILENO, text, size);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return;
    text += n;
    size -= static_cast<unsigned long>(n);
  }
}

}  // namespace octet::cli
