// Known faults and limits of ONNX Runtime, by version and kind of CPU: data, as the tables of costs
// are. Each was seen, and a test shows it where the version and the CPU can be had.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace octet::cost {

struct Version {
  int major = 0, minor = 0, patch = 0;
  auto operator<=>(const Version&) const = default;
};

// "1.22.1", "1.22"; what stands behind is left out ("1.22.1-dev"). nullopt for what is none.
[[nodiscard]] std::optional<Version> version_from(std::string_view text);

struct Fault {
  std::string_view name;   // "amx_columns"
  std::string_view what;   // in words, with what is wrong and how much
  Version first, last;     // where it was seen; both inclusive
  std::string_view cpu;    // a target of docs/costs.md; empty: on all
  std::string_view emits;  // what Octet does about it
};

[[nodiscard]] std::span<const Fault> faults();
[[nodiscard]] const Fault& fault_named(std::string_view name);

// Whether this version has it.
[[nodiscard]] bool has(const Version& version, const Fault& fault);

}  // namespace octet::cost
