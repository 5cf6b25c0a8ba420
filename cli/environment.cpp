#include "environment.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "runtime_places.hpp"

namespace octet::cli {
namespace {

volatile std::sig_atomic_t stop = 0;

void on_signal(int signal) {
  stop = signal;
}

// $XDG_CACHE_HOME, which counts when it is absolute, else ~/.cache.
std::filesystem::path cache_folder() {
  const char* const cache = std::getenv("XDG_CACHE_HOME");
  if (cache != nullptr && *cache == '/') return std::filesystem::path(cache) / "octet";
  const char* const home = std::getenv("HOME");
  if (home == nullptr || *home != '/') return {};
  return std::filesystem::path(home) / ".cache" / "octet";
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
  for (std::filesystem::path& place : runtime_places())
    environment.ort_fallbacks.push_back(std::move(place));
  environment.cache = cache_folder();
  environment.supervisor = std::getenv("OCTET_NO_SUPERVISOR") == nullptr;
  winsize window{};
  if (::isatty(STDOUT_FILENO) == 1) {
    environment.whole = false;
    const bool known = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 0;
    environment.columns = known ? window.ws_col : 80;
  }
  const char* term = std::getenv("TERM");
  const bool dumb = term == nullptr || std::strcmp(term, "dumb") == 0;
  environment.colour = ::isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr && !dumb;
  environment.live = ::isatty(STDERR_FILENO) == 1 && std::getenv("CI") == nullptr && !dumb;
  return environment;
}

void refuse_telemetry() {
  ::setenv("ORT_DISABLE_TELEMETRY", "1", 1);
}

void catch_signals(Patience patience) {
  struct sigaction action {};
  action.sa_handler = on_signal;
  if (patience == Patience::alone) action.sa_flags = static_cast<int>(SA_RESETHAND);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction old {};
    ::sigaction(signal, nullptr, &old);
    if (signal == SIGHUP && old.sa_handler == SIG_IGN) continue;  // nohup
    ::sigaction(signal, &action, nullptr);
  }
  ::signal(SIGPIPE, SIG_IGN);
}

bool stop_requested() {
  return stop != 0;
}

int stop_signal() {
  return stop;
}

}  // namespace octet::cli
