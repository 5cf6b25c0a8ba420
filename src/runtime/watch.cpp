#include "runtime/watch.hpp"

#include <fmt/format.h>

#include <chrono>
#include <system_error>
#include <utility>

#include "octet/error.hpp"

namespace octet::runtime {
namespace {

constexpr std::chrono::milliseconds between_looks{50};

}  // namespace

Watch::Watch(const Library& library, RunControl control, std::string_view label)
    : library_(library),
      control_(std::move(control)),
      label_(label),
      options_(nullptr, library.api->ReleaseRunOptions) {
  if (!control_.go_on && control_.limit_seconds <= 0) return;
  OrtRunOptions* raw = nullptr;
  library_.check(library_.api->CreateRunOptions(&raw), label_);
  options_.reset(raw);
}

Watch::~Watch() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Watch::ask() {
  if (!options_) return;
  const std::lock_guard lock(mutex_);
  if (running_ == 0) look();  // else the watch does, and never two threads at once
  throw_reason();
}

void Watch::begin() {
  if (!options_) return;
  const std::lock_guard lock(mutex_);
  throw_reason();
  ++running_;
  if (thread_.joinable()) return;
  try {
    thread_ = std::thread([this] { watch(); });
  } catch (const std::system_error&) {  // NOLINT: no thread to be had: the run is not watched
  }
}

void Watch::end() {
  if (!options_) return;
  const std::lock_guard lock(mutex_);
  --running_;
  throw_reason();
}

void Watch::throw_reason() const {
  if (reason_) std::rethrow_exception(reason_);
}

// The callback is called with the lock held: the thread that runs the model cannot come back from
// its run and call it at the same time.
void Watch::watch() {
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, between_looks, [this] { return closing_; })) {
    if (running_ == 0 || reason_) continue;
    look();
    if (!reason_) continue;
    // Nobody unsets it: a session that was stopped stays stopped.
    OrtStatus* status = library_.api->RunOptionsSetTerminate(options_.get());
    if (status != nullptr) library_.api->ReleaseStatus(status);
  }
}

void Watch::look() {
  if (reason_) return;
  try {
    if (control_.go_on && !control_.go_on()) {
      throw Error(ErrorCode::cancelled, "stopped on request");
    }
    const std::chrono::duration<double> spent = RunControl::Clock::now() - control_.since;
    if (control_.limit_seconds > 0 && spent.count() >= control_.limit_seconds) {
      throw Error(ErrorCode::timed_out,
                  fmt::format("{}: still running on ONNX Runtime {} after {:g} s; allow more with "
                              "--timeout SECONDS (0: no limit)",
                              label_, library_.version, control_.limit_seconds));
    }
  } catch (...) {
    reason_ = std::current_exception();
  }
}

}  // namespace octet::runtime
