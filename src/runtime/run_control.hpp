// What ends a run before the model does: a caller who wants no more, or a limit of time.
//
// Give it to a session by SessionOptions::control. Sessions of one stage are made from one
// RunControl, so that the limit is the stage's and not that of each run. While a run goes on, a
// thread of the session asks `go_on` several times a second and tells ONNX Runtime to stop; it ends
// at the next operator (a single kernel cannot be interrupted). Loading a model is not watched.
//
// A run that was stopped throws Error{cancelled} or Error{timed_out}. Whoever catches errors of a
// run to try another way passes those on: `if (error.stops()) throw;`.
#pragma once

#include <chrono>
#include <functional>

#include "octet/error.hpp"
#include "octet/progress.hpp"

namespace octet::runtime {

struct RunControl {
  using Clock = std::chrono::steady_clock;
  // False: stop. Called from another thread, but only while the thread that called run() waits for
  // it, so that it may be the caller's progress callback. Empty: never stopped.
  std::function<bool()> go_on;
  double limit_seconds = 0;  // from `since` on; 0: none
  Clock::time_point since = Clock::now();
};

// The control of one stage: the progress callback is asked with this stage's name.
[[nodiscard]] inline RunControl control(const octet::ProgressCallback& progress, const char* stage,
                                        double limit_seconds) {
  RunControl out;
  if (progress) out.go_on = [progress, stage] { return progress({stage, 0, 0}); };
  out.limit_seconds = limit_seconds;
  return out;
}

}  // namespace octet::runtime
