// What processor this is, for reports and for choosing defaults. Never changes an output file.
#pragma once

#include <string>
#include <vector>

namespace octet::base {

struct CpuInfo {
  std::string model;  // "AMD EPYC", or the architecture when the system does not tell
  std::string arch;   // "x86_64", "aarch64"
  std::vector<std::string>
      features;  // of avx2 avx512f avx512bw avx_vnni avx512_vnni amx_int8 | neon dotprod i8mm sve
  unsigned threads = 1;
  bool saturates = false;  // u8×s8 products are added in 16 bits here: x86 without VNNI
};

[[nodiscard]] CpuInfo cpu_info();

}  // namespace octet::base
