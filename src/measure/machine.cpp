#include "measure/machine.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "base/cpu.hpp"

namespace octet::measure {

std::optional<std::string> doubt_about_load(double load, unsigned threads) {
  if (load <= threads) return std::nullopt;
  return fmt::format(
      "the load average is {:.1f} on {} hardware threads: other programs are running; stop them "
      "and "
      "measure again",
      load, threads);
}

std::optional<std::string> doubt_about_load() {
  double load = 0;
  if (getloadavg(&load, 1) != 1) return std::nullopt;
  return doubt_about_load(load, base::cpu_info().threads);
}

}  // namespace octet::measure
