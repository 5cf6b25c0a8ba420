// A text file that grows by whole lines and survives its writer: what a run learns, one fact a
// line.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace octet::base {

// The complete lines of a log, without their ends; none when there is no file. A last line that
// was cut off is left out. Throws Error{io} when the file cannot be read.
[[nodiscard]] std::vector<std::string> read_lines(const std::filesystem::path& path);

class LineLog {
 public:
  enum class Opening { append, anew };
  // Makes the file, and the folders to it. Appending begins on a line of its own, also where the
  // last one was cut off. Throws Error{io}.
  LineLog(std::filesystem::path path, Opening how);
  LineLog(const LineLog&) = delete;
  LineLog& operator=(const LineLog&) = delete;
  ~LineLog();

  // `line` has no end of line in it. It is the kernel's when this returns: a killed process loses
  // nothing. Throws Error{io}.
  void add(std::string_view line);

 private:
  std::filesystem::path path_;
  int fd_ = -1;
};

}  // namespace octet::base
