#include "commands/child_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "octet/error.hpp"
#include "supervisor.hpp"

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
                                  std::to_string(runtime.threads),
                                  "--timeout",
                                  fmt::format("{}", environment.limits.timeout_seconds),
                                  "--parent",
                                  std::to_string(::getpid())};
  if (environment.limits.memory_bytes) {
    out.insert(out.end(), {"--max-memory", std::to_string(*environment.limits.memory_bytes)});
  }
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

// What it complained of, without its own name in front.
std::string words_of(std::string said) {
  constexpr std::string_view name = "octet: ";
  said.resize(std::min(said.find('\n'), said.size()));
  return said.starts_with(name) ? said.substr(name.size()) : said;
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
    throw Error(ErrorCode::io, fmt::format("cannot start a process to measure memory in: {}",
                                           std::generic_category().message(errno)));
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, out[1], STDERR_FILENO);
  pid_t child = 0;
  // This process watches it, and takes it along when it goes.
  std::vector<char*> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) variables.push_back(*entry);
  std::string alone = "OCTET_NO_SUPERVISOR=1";
  variables.insert(variables.end(), {alone.data(), nullptr});
  const int error = ::posix_spawn(&child, environment.program.c_str(), &actions, nullptr,
                                  argv.data(), variables.data());
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
    const std::string why = error != 0            ? std::generic_category().message(error)
                            : WIFSIGNALED(status) ? "ONNX Runtime " + crash_words(WTERMSIG(status))
                                                  : words_of(said);
    throw Error(ErrorCode::runtime_failed,
                fmt::format("{}: its memory could not be measured: {}", model.label(), why));
  }
  return bytes;
}

}  // namespace octet::cli
