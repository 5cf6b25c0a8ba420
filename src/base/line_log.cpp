#include "base/line_log.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "base/atomic_text.hpp"
#include "base/io_error.hpp"

namespace octet::base {

std::vector<std::string> read_lines(const std::filesystem::path& path) {
  std::error_code ec;
  if (!std::filesystem::exists(path, ec)) return {};
  const std::string text = read_text_file(path);
  std::vector<std::string> out;
  std::size_t start = 0;
  for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', start)) {
    out.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return out;
}

LineLog::LineLog(std::filesystem::path path, Opening how) : path_(std::move(path)) {
  if (path_.has_parent_path()) {
    std::error_code ec;
    std::filesystem::create_directories(path_.parent_path(), ec);
    if (ec) io_error(path_.parent_path(), "cannot be made", ec.value());
  }
  const int anew = how == Opening::anew ? O_TRUNC : 0;
  fd_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | anew, 0666);
  if (fd_ < 0) io_error(path_, "cannot be written", errno);
  char last = '\n';
  const off_t size = ::lseek(fd_, 0, SEEK_END);
  if (size > 0 && ::pread(fd_, &last, 1, size - 1) == 1 && last != '\n') add("");
}

LineLog::~LineLog() {
  ::close(fd_);
}

void LineLog::add(std::string_view line) {
  const std::string text = std::string(line) + "\n";
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t written = ::write(fd_, text.data() + done, text.size() - done);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) io_error(path_, "cannot be written", errno);
    done += static_cast<std::size_t>(written);
  }
}

}  // namespace octet::base
