// The loaded ONNX Runtime library: its function table, its environment, and its words when
// something fails.
//
// Only functions of API version 14 and older are called (OrtApi grows at its end only, so their
// places are the same in every later version); anything newer is guarded by api_version.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "onnxruntime_c_api.h"

namespace octet::runtime {

inline constexpr unsigned oldest_api = 14;
inline constexpr unsigned newest_api = 21;

// Everything in it lives until the process ends: ONNX Runtime does not like being unloaded while
// threads still exist.
class Library {
 public:
  // Loads one file (or one name on the loader's path). Throws Error{runtime_missing} whose message
  // is only the reason.
  static std::shared_ptr<const Library> open(const std::string& name);

  const OrtApi* api = nullptr;
  OrtEnv* env = nullptr;
  OrtMemoryInfo* cpu_memory = nullptr;
  OrtAllocator* allocator = nullptr;  // ONNX Runtime's default one; not owned
  std::string path;
  std::string version;
  unsigned api_version = 0;

  // Does nothing for success; else releases `status` and throws Error{runtime_failed}: "<label>:
  // <its words>".
  void check(OrtStatus* status, std::string_view label) const;
};

// The same words with single spaces in place of line breaks and runs of blanks.
[[nodiscard]] std::string unwrapped(std::string_view text);

// An ONNX Runtime object, released by the function of the table that made it.
template <typename T>
using Handle = std::unique_ptr<T, void (*)(T*)>;

}  // namespace octet::runtime
