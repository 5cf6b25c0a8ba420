#include "limits.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <thread>

#include "octet/error.hpp"
#include "terminal.hpp"

namespace octet::cli {
namespace {

#if defined(__SANITIZE_ADDRESS__)
constexpr bool has_shadow_memory = true;  // terabytes of it, reserved and never touched
#else
constexpr bool has_shadow_memory = false;
#endif

std::uint64_t physical_memory() {
  const long pages = ::sysconf(_SC_PHYS_PAGES);
  const long size = ::sysconf(_SC_PAGESIZE);
  if (pages <= 0 || size <= 0) return 0;
  return static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(size);
}

// ONNX Runtime takes about 10 MB to load, and where it gets less it fails in places that say
// nothing of memory, or writes to standard error by itself.
constexpr std::uint64_t least_memory = 64ULL << 20;

// "4GB" in bytes. CLI11's own message lists every unit there is.
std::string size_of(std::string text) {
  try {
    std::string size = text;
    if (CLI::AsSizeValue(true)(size).empty()) return size;
  } catch (const CLI::ValidationError&) {
  }
  throw CLI::ValidationError("--max-memory " + text, "write a size, like 4GB or 512MB");
}

}  // namespace

void add_limits(CLI::App& command, Limits& limits) {
  const char* const group = "Limits";
  command
      .add_option("--timeout", limits.timeout_seconds,
                  "Seconds that each stage which runs a model may take; 0: no limit")
      ->capture_default_str()
      ->type_name("SECONDS")
      ->group(group);
  command
      .add_option("--max-memory", limits.memory_bytes,
                  "Memory the command may take, like 4GB; 0: no limit (default: the machine's)")
      ->transform(size_of)
      ->type_name("BYTES")
      ->group(group);
}

void apply(const Limits& limits) {
  if (!std::isfinite(limits.timeout_seconds) || limits.timeout_seconds < 0) {
    throw Error(ErrorCode::invalid_argument,
                "--timeout: give a number of seconds that is not negative; 0: no limit");
  }
  if (limits.memory_bytes.value_or(0) != 0 && *limits.memory_bytes < least_memory) {
    throw Error(ErrorCode::invalid_argument,
                "--max-memory: at least 64MB are needed to load ONNX Runtime; 0: no limit");
  }
  const std::uint64_t bytes = limits.memory_bytes.value_or(physical_memory());
  if (bytes == 0 || has_shadow_memory) return;
  rlimit limit{};
  if (::getrlimit(RLIMIT_DATA, &limit) != 0) return;
  limit.rlim_cur = std::min<rlim_t>(bytes, limit.rlim_max);
  // A kernel that cannot bound it leaves the command as it would be without.
  (void)::setrlimit(RLIMIT_DATA, &limit);
}

unsigned bounded_threads(unsigned asked) {
  const unsigned most = std::max(1U, std::thread::hardware_concurrency());
  if (asked <= most) return asked;
  warn({fmt::format("--threads {}: this machine has {} processors, and as many are used", asked,
                    most)});
  return most;
}

}  // namespace octet::cli
