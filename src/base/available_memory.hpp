// How much more memory this process may take.
#pragma once

#include <cstdint>

namespace octet::base {

// What the system has to give without swapping, and no more than this process is allowed
// (RLIMIT_DATA) beyond what it has. Half of all that can be counted where the system does not say.
[[nodiscard]] std::uint64_t available_memory();

}  // namespace octet::base
