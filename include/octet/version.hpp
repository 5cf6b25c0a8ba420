// What this build is and what it runs on.
#pragma once

#include <string>
#include <vector>

#include "octet/runtime.hpp"

namespace octet {

struct VersionInfo {
  std::string version;  // of Octet
  std::string commit;   // that it was built from; empty: not known
  std::string build;    // "Release, GCC 12.2.0"
  std::string cpu_model;
  std::string cpu_arch;
  std::vector<std::string>
      cpu_features;  // as ONNX Runtime's kernels care about them: avx2, avx512_vnni, dotprod, …
  std::string cpu_target;  // the kind of CPU it is, as --target names it: what "native" stands for
  bool cpu_saturates = false;  // adds u8×s8 products in 16 bits (x86 without VNNI)
  std::string kernels;         // the SIMD target Octet's own loops use here: "AVX2", "NEON", …
  RuntimeInfo runtime;
};

[[nodiscard]] VersionInfo version(const RuntimeOptions& options = {});

// The fields of VersionInfo by name, as one JSON object.
[[nodiscard]] std::string to_json(const VersionInfo& info);

}  // namespace octet
