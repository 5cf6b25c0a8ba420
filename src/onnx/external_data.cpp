#include "onnx/external_data.hpp"

#include <fmt/format.h>

#include "base/checked.hpp"
#include "octet/error.hpp"

namespace octet::onnx {
namespace {

namespace fs = std::filesystem;

}  // namespace

const base::MappedFile& ExternalData::open(const TensorView& tensor) {
  const std::string location(tensor.external->location);
  const auto found = files_.find(location);
  if (found != files_.end()) return found->second;

  const auto refuse = [&](std::string_view fact) {
    throw Error(ErrorCode::invalid_model, fmt::format("{}: tensor \"{}\": external data \"{}\": {}",
                                                      label_, tensor.name, location, fact));
  };
  if (folder_.empty()) refuse("a model given as bytes cannot have external data; pass its path");
  const fs::path relative(location);
  if (location.find('\0') != std::string::npos) refuse("the path holds a zero byte");
  if (relative.is_absolute())
    refuse("absolute paths are refused; data must lie in the model's folder");
  fs::path path = folder_;
  for (const fs::path& part : relative) {
    if (part == "..") refuse("paths with \"..\" are refused; data must lie in the model's folder");
    path /= part;
    std::error_code ec;
    if (fs::is_symlink(fs::symlink_status(path, ec))) {
      refuse("symbolic links are refused; replace the link by the file itself");
    }
  }
  return files_.emplace(location, base::MappedFile::open(path)).first->second;
}

Bytes ExternalData::bytes_of(const TensorView& tensor) {
  const Bytes file = open(tensor).bytes();
  const ExternalLocation& where = *tensor.external;
  const std::uint64_t wanted = tensor.size_bytes();
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

}  // namespace octet::onnx
