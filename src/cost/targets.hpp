// The names of targets: kinds of CPUs a model can be made for.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/cpu.hpp"

namespace octet::cost {

// The kinds of CPUs that have a table of their own.
[[nodiscard]] std::span<const std::string_view> cpu_targets();

// Every name that is accepted: portable, native, the kinds of CPUs, and the old names vnni and
// arm64.
[[nodiscard]] std::span<const std::string_view> target_names();

// The kinds of CPUs a name stands for: portable is all of them, native the one of this machine.
// Throws Error{invalid_argument} listing the names.
[[nodiscard]] std::vector<std::string_view> cpus_of(std::string_view target);

// The kind a CPU is; the nearest slower one when it is none of them.
[[nodiscard]] std::string_view target_of(const base::CpuInfo& cpu);

// The built-in table of a kind of CPU, as JSON (src/cost/tables). Throws Error{invalid_argument}.
[[nodiscard]] std::string_view built_in_table(std::string_view cpu_target);

}  // namespace octet::cost
