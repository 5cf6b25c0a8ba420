#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <system_error>

#include "commands/commands.hpp"
#include "exit_codes.hpp"
#include "octet/error.hpp"
#include "octet/version.hpp"
#include "options.hpp"
#include "runtime_places.hpp"
#include "terminal.hpp"

namespace octet::cli {
namespace {

namespace fs = std::filesystem;

// One line a check: a mark, what was looked at, what was found; below it what to type.
class Findings {
 public:
  explicit Findings(const Environment& environment) : environment_(environment) {}

  void good(std::string_view what, std::string_view found) { line("ok", Tone::good, what, found); }
  void note(std::string_view what, std::string_view found) { line("--", Tone::quiet, what, found); }
  void bad(std::string_view what, std::string_view found, std::string_view next) {
    line("NO", Tone::bad, what, found);
    text_ += fmt::format("                     {}\n", next);
    ++missing_;
  }
  [[nodiscard]] int missing() const { return missing_; }
  [[nodiscard]] const std::string& text() const& { return text_; }

 private:
  void line(std::string_view mark, Tone tone, std::string_view what, std::string_view found) {
    text_ +=
        fmt::format("  {} {:<15} {}\n", toned(environment_, tone, mark), what, one_line(found));
  }

  const Environment& environment_;
  std::string text_;
  int missing_ = 0;
};

void look_at_runtime(const octet::VersionInfo& v, Findings& findings) {
  if (v.runtime.available) {
    findings.good("ONNX Runtime", fmt::format("{}, {}", v.runtime.version, v.runtime.library));
    return;
  }
  findings.bad("ONNX Runtime", v.runtime.problem,
               "pip install onnxruntime, in the environment that is active when octet runs; or "
               "octet ... --ort FOLDER");
}

void look_at_places(Findings& findings) {
  const auto places = runtime_places();
  if (places.empty()) {
    findings.note("Python's", "no onnxruntime package in $VIRTUAL_ENV, $CONDA_PREFIX, ~/.local");
  }
  for (const fs::path& place : places) findings.note("Python's", place.string());
}

void look_at_folder(const char* what, const fs::path& folder, Findings& findings) {
  std::error_code ec;
  const fs::space_info space = fs::space(folder, ec);
  if (ec || ::access(folder.c_str(), W_OK) != 0) {
    findings.bad(what, fmt::format("{} cannot be written to", folder.string()),
                 "results are staged beside their place: choose another one with -o");
  } else {
    findings.good(what, fmt::format("{}, {} free", folder.string(), human_bytes(space.available)));
  }
}

int run(const octet::RuntimeOptions& runtime, const Environment& environment) {
  const octet::VersionInfo v = octet::version(runtime);
  Findings findings(environment);
  findings.good("octet", v.version + (v.commit.empty() ? "" : ", commit " + v.commit));
  findings.good("CPU", fmt::format("{} ({}): {}", v.cpu_model, v.cpu_target,
                                   fmt::join(v.cpu_features, ", ")));
  if (v.cpu_saturates)
    findings.note("u8 x s8", "added in 16 bits on this CPU; Octet's weights cannot saturate");
  look_at_runtime(v, findings);
  look_at_places(findings);
  std::error_code ec;
  look_at_folder("this folder", fs::current_path(ec), findings);
  look_at_folder("temporary files", fs::temp_directory_path(ec), findings);
  print(findings.text());
  print(findings.missing() == 0
            ? "\nNothing is missing. Next: octet quantize MODEL.onnx\n"
            : fmt::format("\n{} missing.\n",
                          counted(static_cast<std::uint64_t>(findings.missing()), "thing")));
  return findings.missing() == 0 ? exit_yes : exit_no;
}

}  // namespace

Run add_doctor(CLI::App& app, const Environment& environment) {
  auto runtime = std::make_shared<RuntimeArguments>();
  app.footer(
      "Examples:\n"
      "  octet doctor\n"
      "  octet doctor --ort venv/lib/python3.12/site-packages/onnxruntime\n\n"
      "Exit code 1 when something is missing.");
  runtime->add_to(app, false);
  return [runtime, &environment] { return run(runtime->finish(environment), environment); };
}

}  // namespace octet::cli
