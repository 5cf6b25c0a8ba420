// Where an ONNX Runtime library is looked for, and what is said when there is none.
//
// A library somebody named (--ort, OCTET_ORT) is used or refused: falling back to another one would
// measure and prove something else than was asked for. Only the unnamed places, the loader's path
// and the fallbacks, are tried in turn.
#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "octet/error.hpp"
#include "runtime/library.hpp"
#include "runtime/session.hpp"

namespace octet::runtime {
namespace {

namespace fs = std::filesystem;

constexpr unsigned newest_release =
    40;  // Debian's soname carries the release: libonnxruntime.so.1.21
constexpr const char* how_to_get_one =
    "pip install onnxruntime in the active environment (octet finds it there), or install ONNX "
    "Runtime 1.14 or newer otherwise (Debian: libonnxruntime1.21; npm: onnxruntime-node; a source "
    "build: scripts/setup) and name the library with --ort PATH or OCTET_ORT; octet doctor shows "
    "what is there";

bool is_library_name(const fs::path& path) {
  return path.filename().string().starts_with("libonnxruntime.so");
}

std::optional<fs::path> library_in(const fs::path& folder) {
  std::optional<fs::path> best;
  std::error_code error;
  for (auto entry = fs::directory_iterator(folder, error);
       !error && entry != fs::directory_iterator(); entry.increment(error)) {
    std::error_code unseen;
    if (!is_library_name(entry->path()) || !fs::is_regular_file(entry->path(), unseen)) continue;
    if (!best || entry->path() < *best) best = entry->path();
  }
  return best;
}

// The file itself; in a folder its libonnxruntime.so*, also where Python packages (capi) and
// release archives (lib) keep it. A pipe or a device would make the loader hang.
fs::path library_file(const fs::path& given) {
  std::error_code error;
  const auto refuse = [](const std::string& reason) {
    throw Error(ErrorCode::runtime_missing, reason);
  };
  if (!fs::exists(given, error)) refuse("does not exist");
  if (!fs::is_directory(given, error)) {
    if (!fs::is_regular_file(given, error)) refuse("is not a regular file");
    return fs::absolute(given, error);
  }
  for (const char* place : {"", "capi", "onnxruntime/capi", "lib"}) {
    if (const auto found = library_in(given / place)) return fs::absolute(*found, error);
  }
  refuse("is a folder without libonnxruntime.so");
  return {};
}

std::shared_ptr<const Library> open_named(const fs::path& path, std::string_view origin) {
  try {
    return Library::open(library_file(path).string());
  } catch (const Error& error) {
    if (error.code() != ErrorCode::runtime_missing) throw;
    throw Error(ErrorCode::runtime_missing, fmt::format("{} (given by {}): {}; {}", path.string(),
                                                        origin, error.what(), how_to_get_one));
  }
}

std::vector<std::string> system_names() {
  std::vector<std::string> names = {"libonnxruntime.so.1", "libonnxruntime.so"};
  for (unsigned release = newest_release; release >= oldest_api; --release) {
    names.push_back(fmt::format("libonnxruntime.so.1.{}", release));
  }
  return names;
}

// nullptr when the loader finds none. A library that is there but of no use is noted in `tried`.
std::shared_ptr<const Library> open_system(std::string& tried) {
  tried = fmt::format("the system's libonnxruntime.so.1, .so and .so.1.{} to .so.1.{}", oldest_api,
                      newest_release);
  for (const std::string& name : system_names()) {
    try {
      return Library::open(name);
    } catch (const Error& error) {
      const std::string_view reason = error.what();
      const bool absent = reason.find("cannot open shared object file") != reason.npos;
      if (!absent) tried += fmt::format("; {}, which {}", name, reason);
    }
  }
  return nullptr;
}

}  // namespace

std::shared_ptr<const Library> load_library(const octet::RuntimeOptions& options) {
  if (!options.library.empty()) return open_named(options.library, "--ort");
  if (!options.environment_library.empty()) {
    return open_named(options.environment_library, "OCTET_ORT");
  }
  std::string tried;
  if (auto library = open_system(tried)) return library;
  for (const fs::path& path : options.fallbacks) {
    try {
      return Library::open(library_file(path).string());
    } catch (const Error& error) {
      tried += fmt::format("; {}, which {}", path.string(), error.what());
    }
  }
  throw Error(ErrorCode::runtime_missing,
              fmt::format("no ONNX Runtime library: tried {}; {}", tried, how_to_get_one));
}

}  // namespace octet::runtime
