// The octet program as a child process: what it exits with, says and leaves behind.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "support/temporary_folder.hpp"

extern char** environ;

namespace octet::test {

struct Answer {
  int code = -1;  // what it exited with, or 128 + the signal that ended it
  std::string out;
  std::string err;
};

// Milliseconds after which waiting for the program is given up: only a failed test gets there.
inline constexpr int most_waits = 30000;

// Which of its streams is a terminal; the others are files.
enum class Terminal { none, out, err };

struct Launch {
  std::filesystem::path program = OCTET_PROGRAM;
  std::filesystem::path folder;                  // where it runs
  std::map<std::string, std::string> variables;  // of its environment, besides the test's own
  Terminal terminal = Terminal::none;
  std::filesystem::path out;  // takes its standard output, which Answer then lacks
};

namespace detail {

// The test's environment without what the program listens to, and with `variables`.
inline std::vector<std::string> environment(const std::map<std::string, std::string>& variables) {
  std::vector<std::string> out;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const std::string name = text.substr(0, text.find('='));
    const bool heard = name == "OCTET_ORT" || name == "NO_COLOR" || name == "TERM" ||
                       name == "CI" || name == "OCTET_NO_SUPERVISOR";
    if (!heard && !variables.contains(name)) out.push_back(text);
  }
  if (!variables.contains("TERM")) out.emplace_back("TERM=xterm");
  for (const auto& [name, value] : variables) out.push_back(name + "=" + value);
  return out;
}

inline std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> out;
  for (std::string& word : words) out.push_back(word.data());
  out.push_back(nullptr);
  return out;
}

}  // namespace detail

// A running program. Ended when it goes out of scope.
class Child {
 public:
  Child(const Launch& launch, std::vector<std::string> words) : terminal_(launch.terminal) {
    if (terminal_ != Terminal::none) open_terminal();
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addchdir_np(&actions, launch.folder.c_str());
    ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    open_stream(actions, STDOUT_FILENO, terminal_ == Terminal::out,
                launch.out.empty() ? said_ / "out" : launch.out);
    open_stream(actions, STDERR_FILENO, terminal_ == Terminal::err, said_ / "err");
    words.insert(words.begin(), launch.program.string());
    std::vector<std::string> variables = detail::environment(launch.variables);
    const int error =
        ::posix_spawn(&pid_, launch.program.c_str(), &actions, nullptr,
                      detail::pointers(words).data(), detail::pointers(variables).data());
    ::posix_spawn_file_actions_destroy(&actions);
    if (error != 0) throw std::runtime_error("cannot start " + launch.program.string());
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (!ended_) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
    if (screen_ >= 0) ::close(screen_);
  }

  void send(int signal) const { ::kill(pid_, signal); }
  // The process that does the work: the program watches it. 0 when it has not been started yet.
  [[nodiscard]] pid_t worker() const {
    const std::string pid = std::to_string(pid_);
    std::ifstream children("/proc/" + pid + "/task/" + pid + "/children");
    pid_t found = 0;
    children >> found;
    return found;
  }

  // Waits until it handles `signal` itself, or no longer does; false when that never comes.
  [[nodiscard]] bool wait_until_it_handles(int signal, bool wanted = true) const {
    for (int i = 0; i < most_waits; ++i, ::usleep(1000)) {
      std::ifstream status("/proc/" + std::to_string(pid_) + "/status");
      for (std::string line; std::getline(status, line);) {
        if (line.rfind("State:\tZ", 0) == 0) return false;
        if (line.rfind("SigCgt:\t", 0) != 0) continue;
        const auto mask = std::stoull(line.substr(8), nullptr, 16);
        if (((mask >> static_cast<unsigned>(signal - 1)) & 1U) == (wanted ? 1U : 0U)) return true;
      }
    }
    return false;
  }

  // Waits until something appears on its terminal.
  void wait_for_words() { read_screen(1); }

  [[nodiscard]] Answer wait() {
    if (screen_ >= 0) read_screen(SIZE_MAX);
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    ended_ = true;
    Answer answer{WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
                  read_file(said_ / "out"), read_file(said_ / "err")};
    if (terminal_ == Terminal::out) answer.out = shown_;
    if (terminal_ == Terminal::err) answer.err = shown_;
    return answer;
  }

 private:
  void open_terminal() {
    screen_ = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    const bool good = screen_ >= 0 && ::grantpt(screen_) == 0 && ::unlockpt(screen_) == 0;
    if (!good) throw std::runtime_error("no pseudo terminal");
  }
  void open_stream(posix_spawn_file_actions_t& actions, int fd, bool on_screen,
                   const std::filesystem::path& file) const {
    const std::string path = on_screen ? ::ptsname(screen_) : file.string();
    const int flags = on_screen ? O_RDWR | O_NOCTTY : O_WRONLY | O_CREAT | O_TRUNC;
    ::posix_spawn_file_actions_addopen(&actions, fd, path.c_str(), flags, 0600);
  }
  // Until there are `bytes`, or the program has closed its side.
  void read_screen(std::size_t bytes) {
    char buffer[4096];
    while (shown_.size() < bytes) {
      const ssize_t n = ::read(screen_, buffer, sizeof buffer);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return;
      shown_.append(buffer, static_cast<std::size_t>(n));
    }
  }

  TemporaryFolder said_;
  Terminal terminal_;
  int screen_ = -1;
  std::string shown_;
  pid_t pid_ = 0;
  bool ended_ = false;
};

}  // namespace octet::test
