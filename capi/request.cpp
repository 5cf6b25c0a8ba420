#include "request.hpp"

#include <fmt/format.h>

#include <cstring>
#include <limits>
#include <span>
#include <string>

#include "octet/error.hpp"

namespace octet::capi {
namespace {

[[noreturn]] void refuse(const std::string& fact) {
  throw Error(ErrorCode::invalid_argument, fact);
}

std::size_t element_count(const octet_tensor& tensor, const std::string& name) {
  std::size_t count = 1;
  for (std::size_t axis = 0; axis < tensor.rank; ++axis) {
    const std::int64_t size = tensor.shape[axis];
    if (size < 0 || (size > 0 && count > std::numeric_limits<std::size_t>::max() / sizeof(char*) /
                                             static_cast<std::size_t>(size)))
      refuse(name + ": its shape is negative or too large");
    count *= static_cast<std::size_t>(size);
  }
  return count;
}

Array copied(const octet_tensor& tensor, std::size_t index) {
  Array out;
  if (tensor.name != nullptr) out.name = tensor.name;
  const std::string name =
      out.name.empty() ? fmt::format("tensor {}", index) : fmt::format("tensor \"{}\"", out.name);
  if (tensor.type == nullptr) refuse(name + ": it has no type");
  if (tensor.rank > 0 && tensor.shape == nullptr) refuse(name + ": it has no shape");
  out.type = tensor.type;
  out.shape.assign(tensor.shape, tensor.shape + tensor.rank);
  const std::size_t count = element_count(tensor, name);
  if (out.type == "string") {
    if (count > 0 && tensor.strings == nullptr) refuse(name + ": it has no strings");
    for (std::size_t i = 0; i < count; ++i) {
      if (tensor.strings[i] == nullptr) refuse(fmt::format("{}: string {} is NULL", name, i));
      out.strings.emplace_back(tensor.strings[i]);
    }
  } else {
    if (tensor.size_bytes > 0 && tensor.data == nullptr) refuse(name + ": it has no data");
    const auto* const bytes = static_cast<const std::byte*>(tensor.data);
    out.bytes.assign(bytes, bytes + tensor.size_bytes);
  }
  return out;
}

}  // namespace

octet_request known(const octet_request* request) {
  if (request == nullptr) refuse("the request is NULL");
  constexpr std::size_t first_version = sizeof(octet_request);  // of OCTET_API_VERSION 1
  if (request->struct_size < first_version)
    refuse("struct_size is too small; begin with octet_request request = OCTET_REQUEST");
  octet_request out = OCTET_REQUEST;
  std::memcpy(&out, request, sizeof out);
  return out;
}

ModelSource source(const octet_model& model, std::string_view role) {
  if (model.path != nullptr) return {std::filesystem::path(model.path)};
  if (model.bytes == nullptr) refuse(fmt::format("{}: neither path nor bytes are given", role));
  return {std::span(static_cast<const std::byte*>(model.bytes), model.size)};
}

std::vector<Array> arrays(const octet_tensor* tensors, std::size_t count) {
  if (count > 0 && tensors == nullptr) refuse("tensors are counted and not given");
  std::vector<Array> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(copied(tensors[i], i));
  return out;
}

ProgressCallback progress(const octet_request& request) {
  if (request.progress == nullptr && request.stop == nullptr) return {};
  return
      [function = request.progress, user = request.user, stop = request.stop](const Progress& now) {
        if (stop != nullptr && *stop != 0) return false;
        if (function == nullptr) return true;
        const std::string stage(now.stage);
        const octet_progress told{stage.c_str(), now.done, now.total, now.is_bytes ? 1 : 0};
        return function(&told, user) == 0;
      };
}

}  // namespace octet::capi
