#include "base/atomic_text.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/file_identity.hpp"
#include "base/io_error.hpp"
#include "base/output_file.hpp"

namespace octet::base {
namespace {

namespace fs = std::filesystem;

// Closes a descriptor at the end of a scope.
struct Descriptor {
  int fd;
  explicit Descriptor(int number) : fd(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
};

void write_into(const fs::path& path, std::string_view text) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_NOCTTY | O_CLOEXEC));
  if (file.fd < 0) io_error(path, "cannot write to it", errno);
  while (!text.empty()) {
    const ssize_t n = ::write(file.fd, text.data(), text.size());
    if (n < 0 && errno != EINTR) io_error(path, "cannot write to it", errno);
    if (n > 0) text.remove_prefix(static_cast<std::size_t>(n));
  }
}

}  // namespace

std::string read_text_file(const fs::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_NOCTTY | O_CLOEXEC));
  if (file.fd < 0) io_error(path, "cannot read the file", errno);
  std::string out;
  std::array<char, 65536> buffer;
  while (true) {
    const ssize_t n = ::read(file.fd, buffer.data(), buffer.size());
    if (n == 0) return out;
    if (n < 0 && errno != EINTR) io_error(path, "cannot read the file", errno);
    if (n > 0) out.append(buffer.data(), static_cast<std::size_t>(n));
  }
}

void write_text_file(const fs::path& path, std::string_view text, mode_t widest) {
  std::error_code ec;
  const fs::file_status status = fs::status(path, ec);
  if (fs::exists(status) && !fs::is_regular_file(status) && !fs::is_directory(status))
    return write_into(path, text);
  const StagingFolder staging(path);
  OutputFile file(staging.target(), text.size(), staging, widest);
  if (!text.empty()) std::memcpy(file.bytes().data(), text.data(), text.size());
  file.commit();
}

void check_writable(const fs::path& path, bool regular_only) {
  const fs::path target = followed(path);
  std::error_code ec;
  const fs::file_status status = fs::status(target, ec);
  if (target.filename().empty() || fs::is_directory(status))
    io_error(path, "cannot write the file", EISDIR);
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    if (!regular_only) return;
    throw Error(ErrorCode::io,
                fmt::format("{}: cannot write the output: not a regular file", path.string()));
  }
  fs::path folder = folder_of(target);
  while (!fs::exists(folder, ec) && !ec && folder != folder_of(folder)) folder = folder_of(folder);
  if (ec) io_error(path, "cannot create its folder", ec.value());
  if (!fs::is_directory(folder, ec)) io_error(path, "cannot create its folder", ENOTDIR);
  if (::access(folder.c_str(), W_OK | X_OK) != 0)
    io_error(folder, "cannot write into the folder", errno);
}

}  // namespace octet::base
