#include "base/available_memory.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>

namespace octet::base {
namespace {

// A line "Name:   1234 kB" of a file under /proc, in bytes; 0 when there is none.
std::uint64_t kilobytes_of(const char* path, const std::string& name) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (line.rfind(name + ":", 0) != 0) continue;
    return std::strtoull(line.c_str() + name.size() + 1, nullptr, 10) * 1024;
  }
  return 0;
}

}  // namespace

std::uint64_t available_memory() {
  std::uint64_t out = kilobytes_of("/proc/meminfo", "MemAvailable");
  if (out == 0) out = std::numeric_limits<std::uint64_t>::max() / 2;
  rlimit limit{};
  if (::getrlimit(RLIMIT_DATA, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) {
    const std::uint64_t used = kilobytes_of("/proc/self/status", "VmData");
    out = std::min<std::uint64_t>(out,
                                  limit.rlim_cur - std::min<std::uint64_t>(limit.rlim_cur, used));
  }
  return out;
}

}  // namespace octet::base
