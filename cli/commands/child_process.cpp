#include "commands/child_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <string>
#include <vector>

#include "octet/error.hpp"

namespace octet::cli {
namespace {

std::vector<std::string> command(const octet::ModelSource& model, const DataArguments& data,
                                 const octet::RuntimeOptions& runtime,
                                 const Environment& environment) {
  std::vector<std::string> out = {environment.program.string(),
                                  "peak-memory",
                                  model.label(),
                                  "--seed",
                                  std::to_string(data.seed),
                                  "--threads",
                                  std::to_string(runtime.threads)};
  if (!runtime.library.empty()) out.insert(out.end(), {"--ort", runtime.library.string()});
  for (const std::string& dim : data.dims) out.insert(out.end(), {"--dim", dim});
  if (!data.files.empty()) out.emplace_back("--data");
  out.insert(out.end(), data.files.begin(), data.files.end());
  return out;
}

// A signal that asks to stop interrupts the wait; it is answered afterwards, by the progress
// callback.
std::string read_all(int fd) {
  std::string out;
  char buffer[4096];
  for (ssize_t n = 0; (n = ::read(fd, buffer, sizeof buffer)) > 0 || (n < 0 && errno == EINTR);)
    if (n > 0) out.append(buffer, static_cast<std::size_t>(n));
  return out;
}

int status_of(pid_t child) {
  int status = -1;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

}  // namespace

std::uint64_t peak_memory_of(const octet::ModelSource& model, const DataArguments& data,
                             const octet::RuntimeOptions& runtime, const Environment& environment) {
  std::vector<std::string> words = command(model, data, runtime, environment);
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);

  int out[2];
  if (::pipe2(out, O_CLOEXEC) != 0)
    throw Error(ErrorCode::io, "cannot start a process to measure memory in");
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, out[1], STDERR_FILENO);
  pid_t child = 0;
  const int error =
      ::posix_spawn(&child, environment.program.c_str(), &actions, nullptr, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(out[1]);
  const std::string said = error == 0 ? read_all(out[0]) : "";
  ::close(out[0]);
  const int status = error == 0 ? status_of(child) : -1;

  std::uint64_t bytes = 0;
  const bool good =
      error == 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0 &&
      std::from_chars(said.data(), said.data() + said.size(), bytes).ec == std::errc{};
  if (!good) {
    throw Error(ErrorCode::runtime_failed,
                fmt::format("{}: its memory could not be measured: {}", model.label(),
                            said.substr(0, said.find('\n'))));
  }
  return bytes;
}

}  // namespace octet::cli
