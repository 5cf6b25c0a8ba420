#include "octet/version.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>

#include "commands/commands.hpp"
#include "exit_codes.hpp"
#include "options.hpp"
#include "terminal.hpp"

namespace octet::cli {
namespace {

struct Arguments {
  bool json = false;
  RuntimeArguments runtime;
};

std::string text(const octet::VersionInfo& v) {
  std::string out = fmt::format("octet {}{} ({})\n", v.version,
                                v.commit.empty() ? "" : ", commit " + v.commit, v.build);
  out += fmt::format("CPU            {} ({}: {})\n", v.cpu_model, v.cpu_arch,
                     fmt::join(v.cpu_features, ", "));
  out += fmt::format("Target         {}\n", v.cpu_target);
  out += fmt::format(
      "u8 x s8        {}\n",
      v.cpu_saturates ? "added in 16 bits here; Octet's weights cannot saturate" : "exact here");
  out += fmt::format("Own kernels    {}\n", v.kernels);
  if (v.runtime.available) {
    out += fmt::format("ONNX Runtime   {} (API {}), {}\n", v.runtime.version, v.runtime.api_version,
                       v.runtime.library);
  } else {
    out += fmt::format("ONNX Runtime   none: {}\n", v.runtime.problem);
  }
  return out;
}

}  // namespace

std::string version_line() {
  octet::RuntimeOptions none;  // whatever it finds is not told, so nothing is loaded
  none.library = "/dev/null";
  const octet::VersionInfo v = octet::version(none);
  return fmt::format("octet {}{} ({}), {} ({})", v.version,
                     v.commit.empty() ? "" : ", commit " + v.commit, v.build, v.cpu_model,
                     v.cpu_target);
}

Run add_version(CLI::App& app, const Environment& environment) {
  auto a = std::make_shared<Arguments>();
  app.footer(
      "Examples:\n"
      "  octet version\n"
      "  octet version --ort /opt/onnxruntime/lib      which ONNX Runtime is in there?");
  app.add_flag("--json", a->json, "As JSON");
  a->runtime.add_to(app, false);
  return [a, &environment] {
    const octet::VersionInfo info = octet::version(a->runtime.finish(environment));
    print(a->json ? octet::to_json(info) : text(info));
    return exit_yes;
  };
}

}  // namespace octet::cli
