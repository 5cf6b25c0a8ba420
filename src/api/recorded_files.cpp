#include "api/recorded_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <system_error>

#include "data/inputs.hpp"
#include "measure/concatenation.hpp"
#include "octet/error.hpp"

namespace octet::api {
namespace {

namespace fs = std::filesystem;

// Entries whose name begins with `prefix`, ordered by the number that follows it.
std::vector<fs::path> numbered(const fs::path& folder, const std::string& prefix) {
  std::vector<fs::path> out;
  std::error_code ec;
  for (fs::directory_iterator entry(folder, ec), end; !ec && entry != end; entry.increment(ec)) {
    const fs::path& path = entry->path();
    if (path.filename().string().rfind(prefix, 0) == 0) out.push_back(path);
  }
  if (ec) {
    throw Error(ErrorCode::io,
                fmt::format("{}: cannot list the folder: {}", folder.string(), ec.message()));
  }
  const auto key = [](const fs::path& path) {
    const std::string name = path.stem().string();
    return std::pair(name.size(), name);  // 2 before 10
  };
  std::sort(out.begin(), out.end(),
            [&](const fs::path& a, const fs::path& b) { return key(a) < key(b); });
  return out;
}

// What cannot be looked at is refused by whoever opens it, with the reason.
bool is_folder(const fs::path& path) {
  std::error_code ec;
  return fs::is_directory(path, ec);
}

std::vector<base::NamedTensor> read_set(const fs::path& folder) {
  std::vector<base::NamedTensor> out;
  for (const fs::path& file : numbered(folder, "output_")) {
    for (base::NamedTensor& array : data::read_arrays(file)) out.push_back(std::move(array));
  }
  return out;
}

}  // namespace

bool is_recorded(const octet::ModelSource& reference) {
  if (reference.path() == nullptr) return false;
  const std::string extension = reference.path()->extension().string();
  return extension == ".npy" || extension == ".npz" || extension == ".csv" || extension == ".pb" ||
         is_folder(*reference.path());
}

std::vector<base::NamedTensor> read_recorded(const fs::path& path) {
  if (!is_folder(path)) return data::read_arrays(path);
  std::vector<fs::path> folders = numbered(path, "test_data_set_");
  if (folders.empty()) folders.push_back(path);
  measure::Concatenation all;
  for (const fs::path& folder : folders) {
    auto set = read_set(folder);
    if (set.empty()) {
      throw Error(ErrorCode::invalid_data,
                  fmt::format("{}: holds no output_0.pb; give a folder of recorded outputs",
                              folder.string()));
    }
    all.add(std::move(set));
  }
  return std::move(all).take();
}

}  // namespace octet::api
