// One function a command: declares its options on `app` and fills `run` with what to do when it is
// chosen.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "environment.hpp"

namespace octet::cli {

// Returns the exit code. Throws octet::Error.
using Run = std::function<int()>;

Run add_quantize(CLI::App& app, const Environment& environment);
Run add_export(CLI::App& app, const Environment& environment);
Run add_parity(CLI::App& app, const Environment& environment);
Run add_bench(CLI::App& app, const Environment& environment);
Run add_predict(CLI::App& app, const Environment& environment);
Run add_inspect(CLI::App& app, const Environment& environment);
Run add_sensitivity(CLI::App& app, const Environment& environment);
Run add_report(CLI::App& app, const Environment& environment);
Run add_completions(CLI::App& app, const Environment& environment);
Run add_explain(CLI::App& app, const Environment& environment);
Run add_doctor(CLI::App& app, const Environment& environment);
Run add_tune(CLI::App& app, const Environment& environment);
Run add_version(CLI::App& app, const Environment& environment);
Run add_peak_memory(CLI::App& app, const Environment& environment);
Run add_reference(CLI::App& app, const Environment& environment);

// "octet 0.1.0, commit 0123456789ab (Release, GNU 12.2.0), AMD EPYC (avx512_vnni)"
[[nodiscard]] std::string version_line();

}  // namespace octet::cli
