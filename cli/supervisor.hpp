// The program works in a child and watches it from outside.
//
// ONNX Runtime runs foreign models in this process's name: they may run for ever, take all memory
// or crash it. So `main` starts one worker, before there is a thread or a library, which does all
// that a command does; the supervisor only waits. It hands signals on and ends a worker that does
// not listen, ends one that exceeds its time, says in one sentence what became of one that crashed,
// and removes what it left. The worker dies with its supervisor. Both are of one process group: a
// terminal stops, continues and interrupts them together.
#pragma once

#include <functional>
#include <string>

#include "environment.hpp"

namespace octet::cli {

// Runs `work` in a child and gives its exit code: its own, 128 + signal when a signal asked to
// stop, exit_could_not when it crashed or took too long. In this process when there is to be no
// supervisor (OCTET_NO_SUPERVISOR) or none can be had.
[[nodiscard]] int supervised(const Environment& environment, const std::function<int()>& work);

// How often the worker was started again after a crash (Stage::News::again).
[[nodiscard]] int times_restarted();

// The sentence about a worker that a signal ended, for whoever waits for one.
[[nodiscard]] std::string crash_words(int signal);

}  // namespace octet::cli
