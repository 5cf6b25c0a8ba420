#include "report/file_records.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include "base/sha256.hpp"
#include "graph/model_files.hpp"

namespace octet::report {
namespace {

namespace fs = std::filesystem;

octet::FileRecord record(const fs::path& path, const std::string& role) {
  base::FileHash hash = base::hash_of(path);
  return {role, path.string(), hash.bytes, std::move(hash.sha256)};
}

std::vector<fs::path> files_under(const fs::path& folder) {
  std::vector<fs::path> out;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) out.push_back(entry.path());
  }
  std::ranges::sort(out);
  return out;
}

}  // namespace

std::vector<octet::FileRecord> records_of(const octet::ModelSource& model,
                                          const std::string& role) {
  if (model.path() == nullptr)
    return {{role, "", model.bytes().size(), base::sha256(model.bytes())}};
  std::vector<octet::FileRecord> out;
  for (const fs::path& path : graph::model_files(model)) out.push_back(record(path, role));
  return out;
}

std::vector<octet::FileRecord> records_of(const fs::path& path, const std::string& role) {
  std::error_code unseen;
  if (!fs::is_directory(path, unseen)) return {record(path, role)};
  std::vector<octet::FileRecord> out;
  for (const fs::path& file : files_under(path)) out.push_back(record(file, role));
  return out;
}

}  // namespace octet::report
