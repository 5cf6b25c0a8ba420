#include "environment.hpp"

#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <cstring>

namespace octet::cli {
namespace {

volatile std::sig_atomic_t stop = 0;

void on_signal(int) {
  stop = 1;
}

}  // namespace

Environment read_environment() {
  Environment environment;
  std::error_code ec;
  environment.program = std::filesystem::read_symlink("/proc/self/exe", ec);
  if (const char* ort = std::getenv("OCTET_ORT"); ort != nullptr) environment.ort = ort;
  if (!environment.program.empty()) {
    const std::filesystem::path folder = environment.program.parent_path();
    for (const char* place : {"../ort/lib", "../lib/octet", "."}) {
      environment.ort_fallbacks.push_back(folder / place / "libonnxruntime.so.1");
    }
  }
  const char* term = std::getenv("TERM");
  const bool dumb = term == nullptr || std::strcmp(term, "dumb") == 0;
  environment.colour = ::isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr && !dumb;
  environment.live = ::isatty(STDERR_FILENO) == 1 && std::getenv("CI") == nullptr && !dumb;
  return environment;
}

void catch_signals() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = static_cast<int>(SA_RESETHAND);  // a second signal ends the program at once
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
}

bool stop_requested() {
  return stop != 0;
}

}  // namespace octet::cli
