#include "base/staging_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <string_view>

#include "base/file_identity.hpp"
#include "base/folder_lock.hpp"
#include "base/io_error.hpp"

namespace octet::base {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view prefix = ".octet-";
constexpr std::size_t random_part = 6;
constexpr const char* marker_name = ".octet-lock";

bool is_staging_name(std::string_view name) {
  if (name.size() != prefix.size() + random_part || !name.starts_with(prefix)) return false;
  name.remove_prefix(prefix.size());
  return std::all_of(name.begin(), name.end(),
                     [](unsigned char c) { return std::isalnum(c) != 0; });
}

// Names as announce() writes them, with a zero after each.
std::vector<std::string> announced_in(int marker) {
  std::vector<std::string> out;
  std::string name;
  std::array<char, 4096> part{};
  for (off_t at = 0;;) {
    const ssize_t size = ::pread(marker, part.data(), part.size(), at);
    if (size <= 0) break;
    at += size;
    for (const char c : std::string_view(part.data(), static_cast<std::size_t>(size))) {
      if (c != '\0') {
        name += c;
      } else if (!name.empty()) {
        out.push_back(std::move(name));
        name.clear();
      }
    }
  }
  if (!name.empty()) out.push_back(std::move(name));
  return out;
}

// Removes what a process that is gone has left behind.
void sweep_one(const fs::path& folder, const StagingFolder::Orphan& orphan) {
  const int marker =
      ::open((folder / marker_name).c_str(), O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (marker < 0) {
    if (errno == ENOENT) ::rmdir(folder.c_str());  // killed before it had a marker: still empty
    return;
  }
  struct stat info {};
  const bool ours =
      ::fstat(marker, &info) == 0 && S_ISREG(info.st_mode) && info.st_uid == ::geteuid();
  if (ours && ::flock(marker, LOCK_EX | LOCK_NB) == 0) {
    const std::vector<std::string> announced = announced_in(marker);
    if (orphan) {
      for (const std::string& name : announced)
        orphan(folder.parent_path() / fs::path(name).filename());
    }
    if (announced.empty() || orphan) remove_surely(folder);
  }
  ::close(marker);
}

void sweep(const fs::path& folder, const StagingFolder::Orphan& orphan) {
  std::vector<fs::path> found;
  std::error_code ec;
  for (fs::directory_iterator entry(folder, ec), end; !ec && entry != end; entry.increment(ec)) {
    std::error_code type;
    if (is_staging_name(entry->path().filename().string()) &&
        fs::is_directory(entry->symlink_status(type))) {
      found.push_back(entry->path());
    }
  }
  for (const fs::path& one : found) sweep_one(one, orphan);
}

// Makes the folders that are missing and returns them, outermost first.
std::vector<fs::path> make_folders(const fs::path& folder) {
  std::vector<fs::path> missing;
  std::error_code ec;
  for (fs::path at = folder; !at.empty() && !fs::exists(at, ec); at = at.parent_path()) {
    missing.push_back(at);
    if (at == at.parent_path()) break;
  }
  std::reverse(missing.begin(), missing.end());
  fs::create_directories(folder, ec);
  if (ec) {
    for (auto it = missing.rbegin(); it != missing.rend(); ++it) ::rmdir(it->c_str());
    io_error(folder, "cannot create the output folder", ec.value());
  }
  return missing;
}

}  // namespace

void remove_surely(const fs::path& path) noexcept {
  std::error_code ec;
  fs::remove_all(path, ec);
  if (ec) fs::remove_all(path, ec);
}

StagingFolder::StagingFolder(const fs::path& target, const Orphan& orphan)
    : target_(followed(target)) {
  std::error_code ec;
  if (target_.filename().empty() || fs::is_directory(target_, ec))
    io_error(target, "cannot write the output", EISDIR);
  if (fs::exists(target_, ec) && !fs::is_regular_file(target_, ec)) {
    throw Error(ErrorCode::io,  // a device or a pipe: the rename would replace it
                fmt::format("{}: cannot write the output: not a regular file", target.string()));
  }
  made_ = make_folders(folder_of(target_));
  try {
    make(folder_of(target_), orphan);
  } catch (...) {
    remove();
    throw;
  }
}

// Under the folder's lock, so that nobody takes a folder without a marker yet for a dead one.
void StagingFolder::make(const fs::path& folder, const Orphan& orphan) {
  const FolderLock lock(folder);
  if (lock.held()) sweep(folder, orphan);
  std::string pattern = (folder / prefix).string() + std::string(random_part, 'X');
  if (::mkdtemp(pattern.data()) == nullptr)
    io_error(target_, "cannot write beside the output", errno);
  path_ = pattern;
  marker_ = ::open((path_ / marker_name).c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (marker_ < 0) io_error(target_, "cannot write beside the output", errno);
  // On a file system without locks nothing of it is ever swept either.
  if (::flock(marker_, LOCK_EX | LOCK_NB) != 0 && !has_no_locks(errno))
    io_error(target_, "cannot lock a file beside the output", errno);
}

void StagingFolder::remove() noexcept {
  if (!path_.empty()) remove_surely(path_);
  if (marker_ >= 0) ::close(marker_);
  for (auto it = made_.rbegin(); it != made_.rend(); ++it) ::rmdir(it->c_str());  // empty ones only
}

StagingFolder::~StagingFolder() {
  remove();
}

void StagingFolder::announce(const std::vector<std::string>& names) const {
  std::string text;
  for (const std::string& name : names) text += name + '\0';
  const bool whole = ::pwrite(marker_, text.data(), text.size(), 0) == std::ssize(text);
  if (!whole || ::ftruncate(marker_, std::ssize(text)) != 0)
    io_error(target_, "cannot write beside the output", errno);
}

}  // namespace octet::base
