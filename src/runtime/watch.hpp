// Watches the runs of one session and ends them when its RunControl says so.
//
// One thread for each session that has something to watch for, started with its first run and
// joined with the session. A run costs two uncontended locks, so that a latency measurement through
// it stays one.
#pragma once

#include <condition_variable>
#include <exception>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "runtime/library.hpp"
#include "runtime/run_control.hpp"

namespace octet::runtime {

class Watch {
 public:
  Watch(const Library& library, RunControl control, std::string_view label);
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  ~Watch();

  // Asks now, for callers that are not timed. Throws like end().
  void ask();

  // Around each run; several may go on at once. Both throw Error{cancelled}, Error{timed_out} or
  // what `go_on` threw once the watch has ended a run of the session.
  void begin();
  void end();

  // For OrtApi::Run; null when there is nothing to watch for. It belongs to the watch.
  [[nodiscard]] const OrtRunOptions* options() const { return options_.get(); }

 private:
  void watch();
  void look();  // with the lock
  void throw_reason() const;

  const Library& library_;
  const RunControl control_;
  const std::string label_;
  Handle<OrtRunOptions> options_;
  std::mutex mutex_;
  std::condition_variable changed_;
  unsigned running_ = 0;
  bool closing_ = false;
  std::exception_ptr reason_;  // why the runs were ended
  std::thread thread_;
};

// A run's begin and end where it may be left by an exception: no reason is thrown then.
class Watched {
 public:
  explicit Watched(Watch& watch) : watch_(watch) { watch_.begin(); }
  Watched(const Watched&) = delete;
  Watched& operator=(const Watched&) = delete;
  ~Watched() {
    if (open_) try {
        watch_.end();
      } catch (...) {  // NOLINT: the exception on its way says what happened
      }
  }
  void end() {
    open_ = false;
    watch_.end();
  }

 private:
  Watch& watch_;
  bool open_ = true;
};

}  // namespace octet::runtime
