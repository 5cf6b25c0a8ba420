// Numbers for people.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "octet/progress.hpp"

namespace octet::cli {

[[nodiscard]] std::string human_bytes(
    std::uint64_t bytes);  // "823.8 kB": powers of 1000, as disks are sold
[[nodiscard]] std::string human_time(double seconds);  // "14.2 ms"
[[nodiscard]] std::string human_number(
    double value);  // four significant digits: "0.04213", "1.2e-06"
[[nodiscard]] std::string counted(std::uint64_t n,
                                  std::string_view noun);  // "1 weight", "3 weights"
// What a stage has done in so many seconds: "quantize… 45 %, 1.1 GB of 2.4 GB, 1.9 GB/s, 1 s left".
[[nodiscard]] std::string progress_text(const Progress& progress, double seconds);

}  // namespace octet::cli
