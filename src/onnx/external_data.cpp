#include "onnx/external_data.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/checked.hpp"
#include "octet/error.hpp"

namespace octet::onnx {
namespace {

namespace fs = std::filesystem;

// Both without links; a folder is inside itself.
bool is_inside(const fs::path& path, const fs::path& folder) {
  const auto [end, rest] = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  return end == folder.end() || (end->empty() && std::next(end) == folder.end());
}

fs::path folder_of(const fs::path& model) {
  return model.has_parent_path() ? model.parent_path() : fs::path(".");
}

// `path` ends, links followed, where data of this model may lie.
bool may_lie_at(const fs::path& path, const fs::path& model) {
  std::error_code ec;
  const fs::path named = fs::canonical(folder_of(model), ec);
  if (!ec && is_inside(path, named)) return true;
  const fs::path linked = fs::canonical(model, ec);
  return !ec && is_inside(path, linked.parent_path());
}

}  // namespace

const base::MappedFile& ExternalData::open(const TensorView& tensor) {
  const std::string location(tensor.external->location);
  const auto found = files_.find(location);
  if (found != files_.end()) return found->second;

  const auto refuse = [&](std::string_view fact) {
    throw Error(ErrorCode::invalid_model, fmt::format("{}: tensor \"{}\": external data \"{}\": {}",
                                                      label_, tensor.name, location, fact));
  };
  if (model_.empty()) refuse("a model given as bytes cannot have external data; pass its path");
  const fs::path relative(location);
  if (location.find('\0') != std::string::npos) refuse("the path holds a zero byte");
  if (relative.is_absolute())
    refuse("absolute paths are refused; data must lie in the model's folder");
  for (const fs::path& part : relative) {
    if (part == "..") refuse("paths with \"..\" are refused; data must lie in the model's folder");
  }
  const fs::path path = folder_of(model_) / relative;
  std::error_code ec;
  const fs::path end = fs::canonical(path, ec);
  // What does not exist is refused in the words of the system.
  if (ec) return files_.emplace(location, base::MappedFile::open(path)).first->second;
  if (!may_lie_at(end, model_)) {
    refuse(
        "a symbolic link leads out of the model's folder; data must lie in it, or where the "
        "model's own link leads");
  }
  return files_.emplace(location, base::MappedFile::open(end)).first->second;
}

Bytes ExternalData::bytes_of(const TensorView& tensor) {
  const Bytes file = open(tensor).bytes();
  const ExternalLocation& where = *tensor.external;
  const std::uint64_t to_the_end = file.size() - std::min<std::uint64_t>(file.size(), where.offset);
  const auto asked = base::packed_bytes(tensor.type, tensor.elements);
  const std::uint64_t wanted = asked.value_or(where.length.value_or(to_the_end));
  const std::uint64_t length = where.length.value_or(wanted);
  const auto refuse = [&](const std::string& fact) {
    throw Error(ErrorCode::invalid_model, fmt::format("{}: tensor \"{}\": external data \"{}\": {}",
                                                      label_, tensor.name, where.location, fact));
  };
  if (length != wanted) {
    refuse(fmt::format("holds {} bytes where the shape asks for {}; export the model again", length,
                       wanted));
  }
  const auto end = base::checked_add(where.offset, length);
  if (!end || *end > file.size()) {
    refuse(
        fmt::format("bytes {}+{} lie past the end of the file ({} bytes); the file is truncated or "
                    "not this model's",
                    where.offset, length, file.size()));
  }
  return file.subspan(static_cast<std::size_t>(where.offset), static_cast<std::size_t>(length));
}

std::uint64_t ExternalData::total_bytes() const {
  std::uint64_t total = 0;
  for (const auto& [name, file] : files_) total += file.bytes().size();
  return total;
}

void ExternalData::verify() const {
  for (const auto& [name, file] : files_) file.verify();
}

}  // namespace octet::onnx
