// Where a model comes from: a file, or bytes the caller holds.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <variant>

namespace octet {

// Bytes are borrowed: they must outlive the call they are passed to. A model given as bytes may not
// have external data.
class ModelSource {
 public:
  ModelSource(std::filesystem::path path)
      : source_(std::move(path)) {}  // NOLINT: implicit on purpose
  ModelSource(const char* path) : source_(std::filesystem::path(path)) {}
  ModelSource(const std::string& path) : source_(std::filesystem::path(path)) {}
  ModelSource(std::span<const std::byte> bytes) : source_(bytes) {}

  [[nodiscard]] const std::filesystem::path* path() const {
    return std::get_if<std::filesystem::path>(&source_);
  }
  [[nodiscard]] std::span<const std::byte> bytes() const {
    const auto* bytes = std::get_if<std::span<const std::byte>>(&source_);
    return bytes ? *bytes : std::span<const std::byte>{};
  }
  // The path, or "model" for bytes: the first word of every message about this model.
  [[nodiscard]] std::string label() const { return path() ? path()->string() : "model"; }

 private:
  std::variant<std::filesystem::path, std::span<const std::byte>> source_;
};

}  // namespace octet
