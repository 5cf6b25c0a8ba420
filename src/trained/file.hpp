// A trained model's file, whatever it is: recognised by its bytes, never by its name.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "trained/limits.hpp"

namespace octet::trained {

enum class Format {
  pickle,    // of Python; joblib's too
  skops,     // a zip archive with schema.json
  json,      // XGBoost's
  ubjson,    // XGBoost's
  lightgbm,  // LightGBM's text
};

// Words for people: "pickle", "LightGBM text".
[[nodiscard]] std::string_view format_name(Format format);

// The bytes behind all compression, and what keeps them alive.
struct File {
  Format format = Format::pickle;
  std::string container;  // "pickle, zlib", "skops"
  std::span<const std::byte> bytes;
  std::shared_ptr<const void> owner;
};

// What uncompressed bytes begin with; nullopt: none of the formats.
[[nodiscard]] std::optional<Format> format_of(std::span<const std::byte> bytes);

// Unpacks where it must. `owner` keeps `bytes` alive. Throws Error{invalid_model} or, for formats
// that are known and not read (XGBoost's old binary, CatBoost, ONNX …), Error{unsupported} with the
// next step.
[[nodiscard]] File recognise(std::span<const std::byte> bytes, std::shared_ptr<const void> owner,
                             const std::string& label, const Limits& limits = {});

// Whether a file may be a trained model; false for what is missing or begins like no format.
[[nodiscard]] bool is_trained(const std::filesystem::path& path);

}  // namespace octet::trained
