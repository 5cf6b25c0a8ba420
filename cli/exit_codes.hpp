// What the program's exit code says.
#pragma once

namespace octet::cli {

inline constexpr int exit_yes = 0;  // done, or the answer is yes
inline constexpr int exit_no = 1;  // ran well, the answer is no: a gate failed, nothing to quantize
inline constexpr int exit_could_not = 2;      // bad arguments, unreadable files, a refused model
inline constexpr int exit_interrupted = 130;  // stopped by a signal; nothing half-written is left

}  // namespace octet::cli
