// What the program's exit code says.
#pragma once

namespace octet::cli {

inline constexpr int exit_yes = 0;  // done, or the answer is yes
inline constexpr int exit_no = 1;  // ran well, the answer is no: a gate failed, nothing to quantize
inline constexpr int exit_could_not = 2;  // bad arguments, unreadable files, a refused model
// 128 + the signal that asked to stop (SIGINT 130, SIGTERM 143, SIGHUP 129); nothing half-written
// is left.
inline constexpr int exit_interrupted = 130;
inline constexpr int exit_pipe = 141;  // nobody reads standard output any more; said to nobody

}  // namespace octet::cli
