#include "base/folder_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <thread>

#include "base/io_error.hpp"

namespace octet::base {

bool has_no_locks(int error) {
  return error == ENOLCK || error == EOPNOTSUPP || error == ENOSYS || error == EINVAL ||
         error == EBADF;
}

FolderLock::FolderLock(const std::filesystem::path& folder) {
  using namespace std::chrono_literals;
  fd_ = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd_ < 0) return;
  const auto patience = std::chrono::steady_clock::now() + 30s;
  while (::flock(fd_, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EINTR) continue;
    const int error = errno;
    const bool busy = error == EWOULDBLOCK;
    if (busy && std::chrono::steady_clock::now() < patience) {
      std::this_thread::sleep_for(5ms);
      continue;
    }
    ::close(fd_);
    fd_ = -1;
    if (has_no_locks(error)) return;
    if (!busy) io_error(folder, "cannot lock the folder", error);
    throw Error(ErrorCode::io, fmt::format("{}: another program holds the lock of this folder; try "
                                           "again when it is done",
                                           folder.string()));
  }
}

FolderLock::~FolderLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace octet::base
