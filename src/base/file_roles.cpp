#include "base/file_roles.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>

#include "octet/error.hpp"

namespace octet::base {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const fs::path& written, const fs::path& read) {
  throw Error(ErrorCode::invalid_argument,
              fmt::format("{}: writing it would overwrite {}, which is read; choose another path",
                          written.string(), read.string()));
}

}  // namespace

void FileRoles::reads(const fs::path& file) {
  struct stat info {};
  if (::stat(file.c_str(), &info) == 0) {
    if (S_ISDIR(info.st_mode)) return reads_folder(file);
    constexpr mode_t owner = 0600;
    if (S_ISREG(info.st_mode)) widest_mode_ &= info.st_mode | owner;
  }
  Named named{identify(file), file};
  for (const auto& [identity, path] : written_) {
    if (identity == named.first) refuse(path, file);
  }
  read_.push_back(std::move(named));
}

void FileRoles::reads_folder(const fs::path& folder) {
  std::error_code ec;
  const auto read_here = [&](const fs::path& place) {
    for (fs::directory_iterator entry(place, ec), end; !ec && entry != end; entry.increment(ec)) {
      std::error_code type;
      if (entry->path().extension() == ".pb" && !entry->is_directory(type)) reads(entry->path());
    }
  };
  read_here(folder);
  for (fs::directory_iterator entry(folder, ec), end; !ec && entry != end; entry.increment(ec)) {
    if (entry->path().filename().string().starts_with("test_data_set_")) read_here(entry->path());
  }
}

void FileRoles::writes(const fs::path& file) {
  std::error_code ec;
  const fs::file_status status = fs::status(file, ec);
  if (fs::exists(status) && !fs::is_regular_file(status)) return;
  Named named{identify(file), file};
  for (const auto& [identity, path] : read_) {
    if (identity == named.first) refuse(file, path);
  }
  for (const auto& [identity, path] : written_) {
    if (identity != named.first) continue;
    throw Error(ErrorCode::invalid_argument,
                fmt::format("{}: the same file as {}, which is written too; choose another path",
                            file.string(), path.string()));
  }
  written_.push_back(std::move(named));
}

}  // namespace octet::base
