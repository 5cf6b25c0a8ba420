// Whether the machine is quiet enough to measure on.
#pragma once

#include <optional>
#include <string>

namespace octet::measure {

// A warning with its next step when more work is waiting than `threads` can do: `load` is the mean
// number of runnable tasks over the last minute.
[[nodiscard]] std::optional<std::string> doubt_about_load(double load, unsigned threads);

// The same for this machine, now.
[[nodiscard]] std::optional<std::string> doubt_about_load();

}  // namespace octet::measure
