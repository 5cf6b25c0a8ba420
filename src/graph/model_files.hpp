// The files a model consists of, and whether they held still.
#pragma once

#include <filesystem>
#include <utility>
#include <vector>

#include "base/file_stamp.hpp"
#include "octet/model_source.hpp"

namespace octet::graph {

// The model's file and every data file it points to; none for bytes, and the file alone when it
// cannot be read as a model.
[[nodiscard]] std::vector<std::filesystem::path> model_files(const octet::ModelSource& model);

// Remembers the files of models that somebody else (ONNX Runtime) reads by path.
class HeldStill {
 public:
  // Throws Error{io} when one of them is a folder, a pipe or a device.
  explicit HeldStill(const std::vector<const octet::ModelSource*>& models);
  // Throws Error{io} when one of them is not what it was.
  void verify() const;

 private:
  std::vector<std::pair<std::filesystem::path, base::FileStamp>> files_;
};

}  // namespace octet::graph
