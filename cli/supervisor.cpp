#include "supervisor.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <optional>
#include <string>

#include "exit_codes.hpp"
#include "failure.hpp"
#include "leftovers.hpp"
#include "stage.hpp"
#include "terminal.hpp"

namespace octet::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds to_stop_cleanly{700};
// The worker ends a run at its limit itself, as a rule, and then knows more to say.
constexpr std::chrono::milliseconds grace{2000};
constexpr int forwarded[] = {SIGINT, SIGTERM, SIGHUP};

// A journal that is written to and never read would have the same plan crash for ever.
constexpr int most_restarts = 20;
int restarts = 0;

volatile std::sig_atomic_t asked_by = 0;
volatile std::sig_atomic_t times_asked = 0;

void on_signal(int signal) {
  if (signal == SIGCHLD) return;  // it only ends the wait
  asked_by = signal;
  times_asked = times_asked + 1;
}

// Signals are blocked but for the wait, so that none is missed between looking and waiting.
class Signals {
 public:
  Signals() {
    sigset_t mine;
    ::sigemptyset(&mine);
    ::sigaddset(&mine, SIGCHLD);
    for (const int signal : forwarded) ::sigaddset(&mine, signal);
    ::sigprocmask(SIG_BLOCK, &mine, &before_);
  }
  // In the supervisor. A program started by nohup goes on without its terminal.
  void handle() const {
    struct sigaction action {};
    action.sa_handler = on_signal;
    ::sigaction(SIGCHLD, &action, nullptr);
    for (const int signal : forwarded) {
      struct sigaction old {};
      ::sigaction(signal, nullptr, &old);
      if (signal != SIGHUP || old.sa_handler != SIG_IGN) ::sigaction(signal, &action, nullptr);
    }
  }
  void restore() const { ::sigprocmask(SIG_SETMASK, &before_, nullptr); }
  [[nodiscard]] const sigset_t& outside() const { return before_; }

 private:
  sigset_t before_{};
};

class Supervisor {
 public:
  Supervisor(pid_t worker, int news, const Signals& signals, bool live)
      : worker_(worker), news_(news), signals_(signals), live_(live) {}

  // nullopt: it crashed, and asked to be started again.
  std::optional<int> run() {
    for (;;) {
      read_news();
      if (const auto status = ended()) {
        read_news();  // what it said last
        if (again_ && !WIFEXITED(*status) && times_asked == 0 && restarts < most_restarts)
          return std::nullopt;
        return answer(*status);
      }
      obey();
      wait();
    }
  }

 private:
  std::optional<int> ended() const {
    int status = 0;
    const pid_t found = ::waitpid(worker_, &status, WNOHANG);
    if (found == worker_) return status;
    return std::nullopt;
  }

  void read_news() {
    Stage news;
    while (::read(news_, &news, sizeof news) == static_cast<ssize_t>(sizeof news)) {
      if (news.news == Stage::News::goodbye) said_goodbye_ = true;
      if (news.news == Stage::News::folder) folder_ = news.text;
      if (news.news == Stage::News::again) again_ = true;
      if (news.news != Stage::News::stage) continue;
      stage_ = news;
      ends_at_.reset();
      if (news.limit_seconds > 0) {
        const double seconds = std::min(news.limit_seconds, 1e8);
        ends_at_ =
            Clock::now() + grace +
            std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
      }
    }
  }

  // Hands a request to stop on, and sees to it that it is followed.
  void obey() {
    if (killed_) return;
    if (times_asked > 0 && !stops_at_) {
      stops_at_ = Clock::now() + to_stop_cleanly;
      ::kill(worker_, asked_by);
      ::kill(worker_, SIGCONT);
    }
    const auto now = Clock::now();
    const bool impatient = times_asked > 1 || (stops_at_ && now >= *stops_at_);
    late_ = !impatient && ends_at_ && now >= *ends_at_;
    if (!impatient && !late_) return;
    killed_ = true;
    ::kill(worker_, SIGKILL);
  }

  void wait() const {
    std::optional<Clock::time_point> until = stops_at_;
    if (ends_at_ && (!until || *ends_at_ < *until)) until = ends_at_;
    timespec timeout{};
    if (until) {
      const auto left = std::max(Clock::duration::zero(), *until - Clock::now());
      timeout.tv_sec = std::chrono::duration_cast<std::chrono::seconds>(left).count();
      timeout.tv_nsec =
          std::chrono::duration_cast<std::chrono::nanoseconds>(left % std::chrono::seconds(1))
              .count();
    }
    pollfd news{news_, POLLIN, 0};
    // The writing end closes with the worker: SIGCHLD is what says that it is gone.
    if (hung_up_) news.fd = -1;
    if (::ppoll(&news, 1, until && !killed_ ? &timeout : nullptr, &signals_.outside()) == 1)
      hung_up_ = (news.revents & POLLIN) == 0;
  }

  [[nodiscard]] int answer(int status) const {
    if (WIFEXITED(status)) {
      const int code = WEXITSTATUS(status);
      return code == exit_interrupted && times_asked > 0 ? 128 + asked_by : code;
    }
    if (!folder_.empty()) remove_leftovers(folder_);
    const int signal = WTERMSIG(status);
    if (signal == SIGPIPE) return 128 + SIGPIPE;
    if (live_) say("\r\x1b[K", 4);  // the worker's progress
    if (times_asked > 0) {
      if (!said_goodbye_) complain("stopped; nothing was written");
      return 128 + asked_by;
    }
    return could_not(
        late_ ? "timed_out" : "crashed",
        fmt::format("{}{}; nothing was written", place(), late_ ? late_words() : crash(signal)));
  }

  [[nodiscard]] std::string place() const {
    return stage_.text[0] == '\0' ? "" : std::string(stage_.text) + ": ";
  }
  [[nodiscard]] std::string who() const {
    if (!stage_.runs_model) return "octet";
    return stage_.runtime[0] == '\0' ? "ONNX Runtime"
                                     : fmt::format("ONNX Runtime {}", stage_.runtime);
  }
  [[nodiscard]] std::string crash(int signal) const {
    return fmt::format("{} {}", who(), crash_words(signal));
  }
  [[nodiscard]] std::string late_words() const {
    return fmt::format(
        "{} did not end within {:g} s; allow more with --timeout SECONDS (0: no limit)", who(),
        stage_.limit_seconds);
  }

  pid_t worker_;
  int news_;
  const Signals& signals_;
  bool live_;
  mutable bool hung_up_ = false;
  bool said_goodbye_ = false;
  bool again_ = false;
  bool killed_ = false;
  bool late_ = false;
  Stage stage_;
  std::string folder_;                         // where unfinished output may lie
  std::optional<Clock::time_point> ends_at_;   // of the stage
  std::optional<Clock::time_point> stops_at_;  // of a worker that was asked to stop
};

// In the child: nothing of it outlives the supervisor, whatever becomes of that.
int be_worker(pid_t supervisor, int news, const Signals& signals,
              const std::function<int()>& work) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != supervisor) ::_exit(exit_could_not);
  report_stages_to(news);
  catch_signals(Patience::supervised);
  signals.restore();
  return work();
}

}  // namespace

std::string crash_words(int signal) {
  const char* const name = signal == SIGSEGV   ? "read or wrote where there is no memory (SIGSEGV)"
                           : signal == SIGFPE  ? "divided by zero (SIGFPE)"
                           : signal == SIGBUS  ? "read a part of a file that is gone (SIGBUS)"
                           : signal == SIGABRT ? "gave up (SIGABRT)"
                           : signal == SIGILL  ? "ran an instruction this CPU has not (SIGILL)"
                                               : nullptr;
  if (name != nullptr) return fmt::format("{} and crashed", name);
  if (signal == SIGKILL)
    return "was killed (SIGKILL), as a rule because the machine's memory ran out";
  return fmt::format("was ended by signal {}", signal);
}

int times_restarted() {
  return restarts;
}

int supervised(const Environment& environment, const std::function<int()>& work) {
  const auto alone = [&] {
    catch_signals(Patience::alone);
    return work();
  };
  if (!environment.supervisor) return alone();
  const Signals signals;
  const pid_t supervisor = ::getpid();
  for (;; ++restarts) {
    int news[2];
    if (::pipe2(news, O_CLOEXEC) != 0) {
      signals.restore();
      return alone();
    }
    const pid_t worker = ::fork();
    if (worker < 0) {
      signals.restore();
      ::close(news[0]);
      ::close(news[1]);
      return alone();
    }
    if (worker == 0) {
      ::close(news[0]);
      return be_worker(supervisor, news[1], signals, work);
    }
    ::close(news[1]);
    ::fcntl(news[0], F_SETFL, O_NONBLOCK);
    signals.handle();
    const auto code = Supervisor(worker, news[0], signals, environment.live).run();
    ::close(news[0]);
    if (code) return *code;
  }
}

}  // namespace octet::cli
