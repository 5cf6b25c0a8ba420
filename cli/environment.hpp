// What the program learns from outside its arguments. The library reads none of it by itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "octet/progress.hpp"

namespace octet::cli {

struct Limits {
  double timeout_seconds = 600;               // of each stage that runs a model; 0: none
  std::optional<std::uint64_t> memory_bytes;  // nothing: the machine's memory; 0: none
};

struct Environment {
  std::filesystem::path program;  // this executable
  std::filesystem::path ort;      // $OCTET_ORT
  std::vector<std::filesystem::path>
      ort_fallbacks;            // where scripts/setup puts ONNX Runtime, seen from the executable;
                                // then where package managers do
  std::size_t columns = 0;      // of the terminal that standard output is; 0: it is none
  bool whole = true;            // nothing of a table is left out: not a terminal, or --verbose
  std::filesystem::path cache;  // octet's folder in the user's cache; empty: there is none
  bool colour = false;          // on standard output: a terminal, and NO_COLOR is not set
  bool quiet = false;           // --quiet
  bool live = false;            // standard error is a terminal: progress may be drawn
  bool supervisor = true;       // OCTET_NO_SUPERVISOR is not set
  Limits limits;                // from the command line
  std::string models;           // those the command is about, for messages
  std::filesystem::path named_ort;  // --ort
};

[[nodiscard]] Environment read_environment();

// Asks libraries that this process may load to stay silent: ONNX Runtime reports to its makers, and
// keeps a device id in the user's cache folder, unless this is said before it is loaded.
void refuse_telemetry();

// SIGINT, SIGTERM and SIGHUP ask the running call to stop by way of its progress callback. Alone, a
// second one ends the program at once; with a supervisor that is the supervisor's to do. SIGPIPE is
// ignored: a write then fails.
enum class Patience { alone, supervised };
void catch_signals(Patience patience);
[[nodiscard]] bool stop_requested();
[[nodiscard]] int stop_signal();  // which one; 0: none

}  // namespace octet::cli
