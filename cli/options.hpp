// Options that several commands share, declared once.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "environment.hpp"
#include "octet/data.hpp"
#include "octet/quantize.hpp"
#include "octet/runtime.hpp"

namespace octet::cli {

// Values as the command line gives them; `finish` turns them into what the library takes.
struct DataArguments {
  std::vector<std::string> files;
  std::vector<std::string> dims;
  std::uint64_t seed = 0;
  void add_to(CLI::App& app);
  [[nodiscard]] octet::DataOptions finish()
      const;  // throws Error{invalid_argument} for a malformed --dim
};

struct RuntimeArguments {
  std::string library;
  unsigned threads = 1;
  void add_to(CLI::App& app, bool with_threads = true);
  [[nodiscard]] octet::RuntimeOptions finish(const Environment& environment) const;
};

inline constexpr const char* plan_group = "What to quantize, and how";

struct PlanArguments {
  octet::PlanOptions options;
  std::string costs;                                // a file
  void add_to(CLI::App& app);                       // in the group plan_group
  [[nodiscard]] octet::PlanOptions finish() const;  // throws Error{io} when --costs cannot be read
};

inline constexpr const char* default_model = "artifacts/model.onnx";
inline constexpr const char* default_int8 = "artifacts/model.int8.onnx";
inline constexpr const char* default_report = "artifacts/parity_report.json";

}  // namespace octet::cli
