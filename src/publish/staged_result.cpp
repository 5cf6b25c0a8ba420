#include "publish/staged_result.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/content_hash.hpp"
#include "base/file_identity.hpp"
#include "base/folder_lock.hpp"
#include "base/mapped_file.hpp"
#include "octet/error.hpp"
#include "publish/data_file.hpp"

namespace octet::publish {
namespace {

namespace fs = std::filesystem;

void refuse_far_link(const fs::path& output, const fs::path& target) {
  if (base::identify(base::folder_of(output)) == base::identify(base::folder_of(target))) return;
  throw Error(
      ErrorCode::invalid_argument,
      fmt::format("{}: a symbolic link into another folder, where the data file would not be "
                  "found; name the file itself",
                  output.string()));
}

bool same_bytes(std::span<const std::byte> a, std::span<const std::byte> b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin());
}

}  // namespace

StagedResult::StagedResult(const fs::path& output, const graph::Layout& layout, mode_t widest)
    : staging_(output, remove_unmeant),
      model_(staging_.target(), layout.model_bytes, staging_, widest) {
  if (layout.data_bytes == 0) return;
  refuse_far_link(output, staging_.target());
  fs::path path = staging_.target();
  path.replace_filename(data_name(staging_.target(), 0));
  data_.emplace(path, layout.data_bytes, staging_, model_.mode());
}

void StagedResult::release(std::span<std::byte> bytes) const {
  model_.release(bytes);
  if (data_) data_->release(bytes);
}

// Something under the final name of the data file that can stand for it.
bool StagedResult::is_there(const fs::path& path) {
  std::error_code ec;
  if (!fs::is_regular_file(fs::symlink_status(path, ec))) return false;
  try {
    const auto there = base::MappedFile::open(path);
    if (!data_->bytes().empty()) return same_bytes(there.bytes(), data_->bytes());
    const auto ours = base::MappedFile::open(data_->staged());
    return same_bytes(there.bytes(), ours.bytes());
  } catch (const Error&) {
    return false;
  }
}

std::string StagedResult::name_data(unsigned threads) {
  if (!data_) return "";
  std::error_code ec;
  std::uint64_t hash = base::content_hash(data_->bytes(), threads);
  fs::path path = data_->target();
  do {
    path.replace_filename(data_name(model_.target(), hash++));
  } while (fs::exists(fs::symlink_status(path, ec)) && !is_there(path));
  data_->rename(path.filename().string());
  return path.filename().string();
}

void StagedResult::seal() {
  model_.seal();
  if (data_) data_->seal();
}

std::string StagedResult::data_path() const {
  return data_ ? data_->target().string() : "";
}

bool StagedResult::publish_data() {
  if (data_->commit_new()) return true;
  if (is_there(data_->target())) return false;
  throw Error(ErrorCode::io, fmt::format("{}: somebody else wrote a file of this name meanwhile; "
                                         "run again",
                                         data_->target().string()));
}

void StagedResult::flush(const base::OutputFile::Tick& tick) {
  model_.flush(tick);
  if (data_) data_->flush(tick);
}

void StagedResult::publish() {
  const fs::path& target = model_.target();
  const base::FolderLock lock(base::folder_of(target));
  const std::vector<fs::path> old = own_data_files(target);
  std::vector<std::string> in_question;
  for (const fs::path& data : old) in_question.push_back(data.filename().string());
  if (data_) in_question.push_back(data_->target().filename().string());
  if (!in_question.empty()) staging_.announce(in_question);
  const bool fresh = data_ && publish_data();
  try {
    model_.commit();
  } catch (...) {
    if (fresh) base::remove_surely(data_->target());
    throw;
  }
  for (const fs::path& data : old) {
    if (!data_ || data.filename() != data_->target().filename()) remove_unmeant(data);
  }
}

}  // namespace octet::publish
