// The files a model keeps its weights in, confined to where the model itself lies.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "base/mapped_file.hpp"
#include "onnx/tensor_view.hpp"

namespace octet::onnx {

// Maps each data file once and hands out checked spans. A location that is absolute or climbs out
// with ".." is refused before anything is opened. Symbolic links are followed when they end inside
// the folder the model was named in, or inside the folder that the model's own link ends in: caches
// of model hubs keep model and data as links into one folder of blobs. Offsets and lengths are
// checked against the file before anything is read. Spans live as long as this object.
class ExternalData {
 public:
  // `model`: the path it was named by; empty for a model that came as bytes, which may not have
  // external data.
  ExternalData(std::filesystem::path model, std::string label)
      : model_(std::move(model)), label_(std::move(label)) {}

  // Throws Error{invalid_model} naming tensor and location, Error{io} when the file cannot be
  // mapped.
  [[nodiscard]] Bytes bytes_of(const TensorView& tensor);

  // Sizes of all files opened so far.
  [[nodiscard]] std::uint64_t total_bytes() const;
  [[nodiscard]] const std::map<std::string, base::MappedFile>& files() const& { return files_; }
  const std::map<std::string, base::MappedFile>& files() const&& = delete;
  // Throws Error{io} when one of them was changed since it was opened.
  void verify() const;

 private:
  const base::MappedFile& open(const TensorView& tensor);

  std::filesystem::path model_;
  std::string label_;
  std::map<std::string, base::MappedFile> files_;
};

}  // namespace octet::onnx
