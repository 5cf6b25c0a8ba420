// The files a model keeps its weights in, confined to the model's own folder.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "base/mapped_file.hpp"
#include "onnx/tensor_view.hpp"

namespace octet::onnx {

// Maps each data file once and hands out checked spans. A location that is absolute, climbs out
// with "..", or passes through a symbolic link is refused before anything is opened, and offsets
// and lengths are checked against the file before anything is read. Spans live as long as this
// object.
class ExternalData {
 public:
  // `folder`: the model's; empty path for a model that came as bytes, which may not have external
  // data.
  ExternalData(std::filesystem::path folder, std::string label)
      : folder_(std::move(folder)), label_(std::move(label)) {}

  // Throws Error{invalid_model} naming tensor and location, Error{io} when the file cannot be
  // mapped.
  [[nodiscard]] Bytes bytes_of(const TensorView& tensor);

  // Sizes of all files opened so far.
  [[nodiscard]] std::uint64_t total_bytes() const;
  [[nodiscard]] const std::map<std::string, base::MappedFile>& files() const& { return files_; }

 private:
  const base::MappedFile& open(const TensorView& tensor);

  std::filesystem::path folder_;
  std::string label_;
  std::map<std::string, base::MappedFile> files_;
};

}  // namespace octet::onnx
