#include "graph/model_files.hpp"

#include "base/mapped_file.hpp"
#include "graph/graph.hpp"
#include "octet/error.hpp"

namespace octet::graph {

std::vector<std::filesystem::path> model_files(const octet::ModelSource& model) {
  if (model.path() == nullptr) return {};
  try {
    return Graph::import(model).files();
  } catch (const Error&) {
    return {*model.path()};
  }
}

HeldStill::HeldStill(const std::vector<const octet::ModelSource*>& models) {
  for (const octet::ModelSource* model : models) {
    for (std::filesystem::path& path : model_files(*model)) {
      std::error_code ec;
      const std::filesystem::file_status status = std::filesystem::status(path, ec);
      if (!std::filesystem::exists(status)) continue;  // its reader says so better
      (void)base::MappedFile::open(path);              // refuses a pipe, which would be waited for
      const base::FileStamp stamp = base::FileStamp::of(path);
      files_.emplace_back(std::move(path), stamp);
    }
  }
}

void HeldStill::verify() const {
  for (const auto& [path, stamp] : files_) base::refuse_change(path, stamp);
}

}  // namespace octet::graph
