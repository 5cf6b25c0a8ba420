#include "runtime_places.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <system_error>

namespace octet::cli {
namespace {

namespace fs = std::filesystem;

bool is_folder(const fs::path& path) {
  std::error_code unseen;
  return fs::is_directory(path, unseen);
}

// <prefix>/lib/python3*/<packages>/onnxruntime/capi, the newest Python first.
void add_pythons(const fs::path& prefix, const char* packages, std::vector<fs::path>& out) {
  std::vector<fs::path> found;
  std::error_code unseen;
  for (auto entry = fs::directory_iterator(prefix / "lib", unseen);
       !unseen && entry != fs::directory_iterator(); entry.increment(unseen)) {
    if (!entry->path().filename().string().starts_with("python3")) continue;
    fs::path place = entry->path() / packages / "onnxruntime" / "capi";
    if (is_folder(place)) found.push_back(std::move(place));
  }
  std::sort(found.rbegin(), found.rend());
  out.insert(out.end(), found.begin(), found.end());
}

}  // namespace

std::vector<fs::path> runtime_places() {
  std::vector<fs::path> out;
  for (const char* variable : {"VIRTUAL_ENV", "CONDA_PREFIX"}) {
    const char* prefix = std::getenv(variable);
    if (prefix == nullptr || *prefix == '\0') continue;
    add_pythons(prefix, "site-packages", out);
    std::error_code unseen;
    if (fs::exists(fs::path(prefix) / "lib/libonnxruntime.so", unseen))
      out.push_back(fs::path(prefix) / "lib");
  }
  if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0')
    add_pythons(fs::path(home) / ".local", "site-packages", out);
  add_pythons("/usr/local", "site-packages", out);
  add_pythons("/usr/local", "dist-packages", out);
  return out;
}

}  // namespace octet::cli
