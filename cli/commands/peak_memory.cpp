// Hidden: what `octet bench` runs in a process of its own to measure one model's memory.
#include <fmt/format.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>
#include <memory>

#include "commands/commands.hpp"
#include "exit_codes.hpp"
#include "octet/bench.hpp"
#include "options.hpp"
#include "terminal.hpp"

namespace octet::cli {
namespace {

struct Arguments {
  std::string model;
  int parent = 0;
  DataArguments data;
  RuntimeArguments runtime;
};

}  // namespace

Run add_peak_memory(CLI::App& app, const Environment& environment) {
  auto a = std::make_shared<Arguments>();
  app.add_option("model", a->model)->required();
  app.add_option("--parent", a->parent);
  a->data.add_to(app);
  a->runtime.add_to(app);
  return [a, &environment] {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (a->parent != 0 && ::getppid() != a->parent) return exit_could_not;  // it has gone already
    print(fmt::format(
        "{}\n", octet::peak_memory(a->model, a->data.finish(), a->runtime.finish(environment))));
    return exit_yes;
  };
}

}  // namespace octet::cli
