#include "figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace octet::cli {

std::string human_bytes(std::uint64_t bytes) {
  if (bytes < 1000) return fmt::format("{} B", bytes);
  const char* const units[] = {"kB", "MB", "GB", "TB"};
  double value = static_cast<double>(bytes) / 1000;
  std::size_t unit = 0;
  while (value >= 999.95 && unit < 3) {
    value /= 1000;
    ++unit;
  }
  return fmt::format("{:.1f} {}", value, units[unit]);
}

std::string human_time(double seconds) {
  if (!std::isfinite(seconds)) return "?";
  if (seconds < 1e-3) return fmt::format("{:.1f} µs", seconds * 1e6);
  if (seconds < 1) return fmt::format("{:.2f} ms", seconds * 1e3);
  return fmt::format("{:.2f} s", seconds);
}

std::string human_number(double value) {
  return fmt::format("{:.4g}", value);
}

std::string counted(std::uint64_t n, std::string_view noun) {
  return fmt::format("{} {}{}", n, noun, n == 1 ? "" : "s");
}

std::string progress_text(const Progress& progress, double seconds) {
  std::string out = fmt::format("{}…", progress.stage);
  if (progress.total == 0) return out;
  const auto done = static_cast<double>(std::min(progress.done, progress.total));
  const auto total = static_cast<double>(progress.total);
  out += fmt::format(" {:.0f} %", 100 * done / total);
  if (progress.is_bytes)
    out += fmt::format(", {} of {}", human_bytes(progress.done), human_bytes(progress.total));
  if (seconds <= 0 || done <= 0 || done >= total) return out;
  if (progress.is_bytes)
    out += fmt::format(", {}/s", human_bytes(static_cast<std::uint64_t>(done / seconds)));
  return out + fmt::format(", {:.0f} s left", std::ceil(seconds * (total - done) / done));
}

}  // namespace octet::cli
