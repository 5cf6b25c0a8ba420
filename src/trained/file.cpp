#include "trained/file.hpp"

#include <fmt/format.h>

#include <array>
#include <fstream>
#include <utility>

#include "octet/error.hpp"
#include "trained/unpack.hpp"

namespace octet::trained {
namespace {

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// An opcode that protocols 0 and 1 begin a model with, followed by something a text editor shows.
bool is_old_pickle(std::string_view text) {
  if (text.size() < 2) return false;
  constexpr std::string_view openings = "c(}])";
  return openings.find(text[0]) != std::string_view::npos && text.back() == '.';
}

bool is_ubjson_type(char c) {
  return std::string_view("LlIiU").find(c) != std::string_view::npos;
}

struct Refused {
  std::string_view magic;
  std::string_view why;
};
constexpr std::array<Refused, 6> refused = {{
    {"binf",
     "XGBoost's old binary format, which XGBoost itself no longer reads; save the model "
     "again as .json or .ubj"},
    {"bs64",
     "XGBoost's old binary format, which XGBoost itself no longer reads; save the model "
     "again as .json or .ubj"},
    {"CBM1", "CatBoost's binary format; save the model with format=\"onnx\""},
    {"ZF", "a file of joblib before 0.10; load it in Python and dump it again"},
    {"\x89HDF", "an HDF5 file (Keras); Octet exports scikit-learn, XGBoost and LightGBM"},
    {"PMML", "PMML; Octet exports scikit-learn, XGBoost and LightGBM"},
}};

}  // namespace

std::string_view format_name(Format format) {
  constexpr std::array<std::string_view, 5> names = {"pickle", "skops", "XGBoost JSON",
                                                     "XGBoost UBJSON", "LightGBM text"};
  return names[static_cast<std::size_t>(format)];
}

std::optional<Format> format_of(std::span<const std::byte> bytes) {
  const std::string_view text = text_of(bytes);
  if (text.size() < 2) return std::nullopt;
  if (text[0] == '\x80' && text[1] <= 5 && text[1] >= 2) return Format::pickle;
  if (text.starts_with("PK\x03\x04")) return Format::skops;
  if (text.starts_with("tree\n") || text.starts_with("tree\r\n")) return Format::lightgbm;
  if (text[0] == '{') {
    if (is_ubjson_type(text[1])) return Format::ubjson;
    const std::size_t next = text.find_first_not_of(" \t\r\n", 1);
    if (next != std::string_view::npos && (text[next] == '"' || text[next] == '}'))
      return Format::json;
  }
  if (is_old_pickle(text)) return Format::pickle;
  return std::nullopt;
}

File recognise(std::span<const std::byte> bytes, std::shared_ptr<const void> owner,
               const std::string& label, const Limits& limits) {
  File out{Format::pickle, "", bytes, std::move(owner)};
  std::string packed;
  if (const auto compression = compression_of(bytes)) {
    auto held = std::make_shared<const std::vector<std::byte>>(unpack(bytes, label, limits));
    out.bytes = *held;
    out.owner = std::move(held);
    packed = fmt::format(", {}", *compression);
  }
  for (const Refused& one : refused) {
    if (text_of(out.bytes).starts_with(one.magic))
      throw Error(ErrorCode::unsupported, fmt::format("{}: {}", label, one.why));
  }
  if (out.bytes.empty()) throw Error(ErrorCode::invalid_model, label + ": the file is empty");
  const auto format = format_of(out.bytes);
  // Anything else that is binary is left to the pickle reader, which names the byte.
  const bool starts_as_pickle = out.bytes[0] == std::byte{0x80};
  if (!format && !starts_as_pickle) {
    throw Error(
        ErrorCode::unsupported,
        fmt::format("{}: is no trained model: neither a pickle or joblib file (scikit-learn, "
                    "XGBoost, LightGBM), nor XGBoost's JSON or UBJSON, LightGBM's text or "
                    "skops",
                    label));
  }
  out.format = format.value_or(Format::pickle);
  out.container = fmt::format("{}{}", format_name(out.format), packed);
  return out;
}

bool is_trained(const std::filesystem::path& path) {
  std::error_code unseen;  // refused by whoever opens it; a pipe would be waited for here
  if (!std::filesystem::is_regular_file(path, unseen)) return false;
  std::ifstream file(path, std::ios::binary);
  std::string start(16, '\0');
  file.read(start.data(), std::ssize(start));
  start.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, file.gcount())));
  const auto bytes = std::as_bytes(std::span(start));
  if (compression_of(bytes)) return true;
  for (const Refused& one : refused) {
    if (start.starts_with(one.magic)) return true;
  }
  if (start.starts_with("PK")) return path.extension() == ".skops";
  if (!start.empty() && std::string_view("c(}]").find(start[0]) != std::string_view::npos) {
    const std::string extension = path.extension().string();
    return extension == ".pkl" || extension == ".pickle" || extension == ".joblib";
  }
  return format_of(bytes).has_value();
}

}  // namespace octet::trained
