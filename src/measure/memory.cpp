#include "measure/memory.hpp"

#include <fstream>
#include <sstream>
#include <string>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace octet::measure {
namespace {

// A field of /proc/self/status in bytes; 0 when there is none.
std::uint64_t status_bytes(const std::string& field) {
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);) {
    if (line.rfind(field + ":", 0) != 0) continue;
    std::istringstream words(line.substr(field.size() + 1));
    std::uint64_t kilobytes = 0;
    words >> kilobytes;
    return kilobytes * 1024;
  }
  return 0;
}

// "5": the peak becomes what is resident now (proc(5)).
bool reset_peak() {
  std::ofstream file("/proc/self/clear_refs");
  file << "5" << std::flush;
  return file.good();
}

}  // namespace

PeakMemory::PeakMemory() {
#if defined(__GLIBC__)
  malloc_trim(0);
#endif
  start_ = status_bytes(reset_peak() ? "VmRSS" : "VmHWM");
}

std::uint64_t PeakMemory::growth_bytes() const {
  const std::uint64_t peak = status_bytes("VmHWM");
  return peak > start_ ? peak - start_ : 0;
}

}  // namespace octet::measure
