#include "runtime/library.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <mutex>
#include <system_error>

#include "octet/error.hpp"
#include "runtime/session.hpp"

namespace octet::runtime {
namespace {

[[noreturn]] void refuse(const std::string& reason) {
  throw Error(ErrorCode::runtime_missing, reason);
}

// ONNX Runtime's log lines repeat what its statuses say; a library must not write to stderr.
void ORT_API_CALL drop_log(void*, OrtLoggingLevel, const char*, const char*, const char*,
                           const char*) {}

// "1.30.0" -> 30; 0 when it is not of that form.
unsigned minor_version(std::string_view version) {
  if (!version.starts_with("1.")) return 0;
  unsigned minor = 0;
  std::from_chars(version.data() + 2, version.data() + version.size(), minor);
  return minor;
}

// Asking for a version a library does not have makes it print to stderr, so its release is looked
// at first: release 1.N has the versions up to N.
const OrtApi* find_api(const OrtApiBase& base, Library& library) {
  const unsigned minor = minor_version(library.version);
  if (library.version.starts_with("1.") && minor < oldest_api) {
    refuse(fmt::format("is ONNX Runtime {}; 1.{} or newer is needed", library.version, oldest_api));
  }
  for (unsigned version = std::min(minor == 0 ? newest_api : minor, newest_api);
       version >= oldest_api; --version) {
    const OrtApi* api = base.GetApi(version);
    if (api == nullptr) continue;
    library.api_version = version;
    return api;
  }
  refuse(fmt::format("is ONNX Runtime {}, which has none of the C API versions {} to {}",
                     library.version, oldest_api, newest_api));
}

std::string path_of(const void* symbol, const std::string& name) {
  Dl_info info{};
  if (dladdr(symbol, &info) == 0 || info.dli_fname == nullptr) return name;
  std::error_code error;
  const auto canonical = std::filesystem::canonical(info.dli_fname, error);
  return error ? std::string(info.dli_fname) : canonical.string();
}

void start(Library& library) {
  const OrtApi& api = *library.api;
  library.check(api.CreateEnvWithCustomLogger(drop_log, nullptr, ORT_LOGGING_LEVEL_ERROR, "octet",
                                              &library.env),
                library.path);
  library.check(api.DisableTelemetryEvents(library.env), library.path);
  library.check(api.CreateCpuMemoryInfo(OrtArenaAllocator, OrtMemTypeDefault, &library.cpu_memory),
                library.path);
  library.check(api.GetAllocatorWithDefaultOptions(&library.allocator), library.path);
}

// Never destroyed: see Library.
struct Loaded {
  std::mutex mutex;
  std::map<std::string, std::shared_ptr<const Library>> by_path;
};
Loaded& loaded() {
  static auto* const instance = new Loaded;
  return *instance;
}

}  // namespace

std::string unwrapped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool blank = c == '\n' || c == '\r' || c == '\t' || c == ' ';
    if (!blank) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

void Library::check(OrtStatus* status, std::string_view label) const {
  if (status == nullptr) return;
  const Handle<OrtStatus> owner(status, api->ReleaseStatus);
  std::string words = unwrapped(api->GetErrorMessage(status));
  const bool no_memory = words.find("bad_alloc") != std::string::npos ||
                         words.find("Failed to allocate memory") != std::string::npos;
  if (no_memory) words += "; it had not enough memory: use smaller inputs, or allow it more";
  throw Error(ErrorCode::runtime_failed,
              fmt::format("{}: ONNX Runtime {}: {}", label, version, words));
}

std::shared_ptr<const Library> Library::open(const std::string& name) {
  const std::lock_guard lock(loaded().mutex);
  void* handle = dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) {
    const char* reason = dlerror();
    refuse(fmt::format("cannot be loaded: {}",
                       unwrapped(reason == nullptr ? "no reason given" : reason)));
  }
  void* symbol = dlsym(handle, "OrtGetApiBase");
  if (symbol == nullptr) {
    dlclose(handle);
    refuse("is a library, but not ONNX Runtime (it has no OrtGetApiBase)");
  }
  const std::string path = path_of(symbol, name);
  auto& known = loaded().by_path[path];
  if (known) return known;
  const auto library = std::make_shared<Library>();
  library->path = path;
  using GetApiBase = const OrtApiBase*(ORT_API_CALL*)();
  const OrtApiBase* base = reinterpret_cast<GetApiBase>(symbol)();
  if (base == nullptr || base->GetApi == nullptr || base->GetVersionString == nullptr) {
    refuse("is not ONNX Runtime (OrtGetApiBase gives nothing)");
  }
  library->version = base->GetVersionString();
  library->api = find_api(*base, *library);
  start(*library);
  known = library;
  return known;
}

octet::RuntimeInfo describe(const Library& library) {
  return {.available = true,
          .library = library.path,
          .version = library.version,
          .api_version = library.api_version,
          .problem = {}};
}

}  // namespace octet::runtime
