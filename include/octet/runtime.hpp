// Which ONNX Runtime library to use, and how.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace octet {

// Empty `library`: search $OCTET_ORT as given by `environment_library`, then the system's library
// path, then the library that scripts/setup put beside the build. The library itself never reads
// the environment: the program passes it in.
struct RuntimeOptions {
  std::filesystem::path library;  // --ort
  std::filesystem::path
      environment_library;  // the value of OCTET_ORT, when the caller wants it honoured
  std::vector<std::filesystem::path> fallbacks;  // tried last, in order
  unsigned threads = 1;                          // intra-op threads; 0: ONNX Runtime's own choice
  double timeout_seconds = 0;  // for all runs of one call (in quantize: of the proof); 0: no limit
};

struct RuntimeInfo {
  bool available = false;
  std::string library;       // path of the loaded library
  std::string version;       // "1.30.0"
  unsigned api_version = 0;  // 14 … 21
  std::string problem;       // when not available: one line with the next step
};

// Loads the library (once per process and path) and tells what it is. Never throws for a missing
// library.
[[nodiscard]] RuntimeInfo runtime_info(const RuntimeOptions& options = {});

}  // namespace octet
