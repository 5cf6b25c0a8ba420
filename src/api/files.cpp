#include "octet/files.hpp"

#include "base/atomic_text.hpp"
#include "base/file_roles.hpp"
#include "base/staging_folder.hpp"
#include "graph/model_files.hpp"
#include "publish/data_file.hpp"

namespace octet {
namespace {

base::FileRoles read_files(const FileRoles& roles) {
  base::FileRoles out;
  for (const std::filesystem::path& model : roles.models) {
    out.reads(model);
    for (const std::filesystem::path& file : graph::model_files(model)) out.reads(file);
  }
  for (const std::filesystem::path& input : roles.inputs) out.reads(input);
  return out;
}

}  // namespace

void check(const FileRoles& roles) {
  if (roles.outputs.empty()) return;
  base::FileRoles files = read_files(roles);
  for (const std::filesystem::path& output : roles.outputs) files.writes(output);
  for (const std::filesystem::path& output : roles.outputs) base::check_writable(output, false);
}

std::string read_text(const std::filesystem::path& path) {
  return base::read_text_file(path);
}

void write_text(const std::filesystem::path& path, std::string_view text, const FileRoles& roles) {
  base::write_text_file(path, text, read_files(roles).widest_mode());
}

void remove_leftovers(const std::filesystem::path& output) {
  const base::StagingFolder sweeping(output, publish::remove_unmeant);
}

}  // namespace octet
