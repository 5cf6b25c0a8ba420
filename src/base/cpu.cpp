#include "base/cpu.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <utility>

namespace octet::base {
namespace {

// Name in /proc/cpuinfo, name in reports.
constexpr std::array<std::pair<const char*, const char*>, 10> known = {{
    {"avx2", "avx2"},
    {"avx512f", "avx512f"},
    {"avx512bw", "avx512bw"},
    {"avx_vnni", "avx_vnni"},
    {"avx512_vnni", "avx512_vnni"},
    {"amx_int8", "amx_int8"},
    {"asimd", "neon"},
    {"asimddp", "dotprod"},
    {"i8mm", "i8mm"},
    {"sve", "sve"},
}};

std::string value_of(const std::string& line) {
  const auto colon = line.find(':');
  return colon == std::string::npos || colon + 2 > line.size() ? "" : line.substr(colon + 2);
}

bool starts_with(const std::string& line, const char* prefix) {
  return line.rfind(prefix, 0) == 0;
}

}  // namespace

CpuInfo cpu_info() {
  CpuInfo info;
#if defined(__x86_64__)
  info.arch = "x86_64";
#elif defined(__aarch64__)
  info.arch = "aarch64";
#else
  info.arch = "unknown";
#endif
  info.threads = std::max(1U, std::thread::hardware_concurrency());
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line) && !line.empty();) {
    if (starts_with(line, "model name")) info.model = value_of(line);
    if (!starts_with(line, "flags") && !starts_with(line, "Features")) continue;
    std::istringstream words(value_of(line));
    for (std::string word; words >> word;) {
      for (const auto& [flag, name] : known) {
        if (word == flag) info.features.emplace_back(name);
      }
    }
  }
  if (info.model.empty()) info.model = info.arch;
  const auto has = [&](const char* name) {
    return std::find(info.features.begin(), info.features.end(), name) != info.features.end();
  };
  info.saturates = info.arch == "x86_64" && !has("avx_vnni") && !has("avx512_vnni");
  return info;
}

}  // namespace octet::base
