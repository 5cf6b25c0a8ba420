// What the program learns from outside its arguments. The library reads none of it by itself.
#pragma once

#include <filesystem>
#include <vector>

#include "octet/progress.hpp"

namespace octet::cli {

struct Environment {
  std::filesystem::path program;  // this executable
  std::filesystem::path ort;      // $OCTET_ORT
  std::vector<std::filesystem::path>
      ort_fallbacks;    // where scripts/setup puts ONNX Runtime, seen from the executable
  bool colour = false;  // on standard output: a terminal, and NO_COLOR is not set
  bool live = false;    // standard error is a terminal: progress may be drawn
};

[[nodiscard]] Environment read_environment();

// SIGINT and SIGTERM ask the running call to stop by way of its progress callback.
void catch_signals();
[[nodiscard]] bool stop_requested();

}  // namespace octet::cli
