#include "runtime/value.hpp"

#include <fmt/format.h>

#include <cstring>

#include "base/checked.hpp"
#include "octet/error.hpp"

namespace octet::runtime {
namespace {

void fill_strings(const Library& library, OrtValue* value, const std::vector<std::string>& strings,
                  std::string_view label) {
  for (std::size_t i = 0; i < strings.size(); ++i) {
    const std::string& text = strings[i];
    if (text.find('\0') == std::string::npos) {
      library.check(library.api->FillStringTensorElement(value, text.c_str(), i), label);
      continue;
    }
    if (library.api_version < 15) {
      throw Error(ErrorCode::runtime_failed,
                  fmt::format("{}: a string with a zero byte needs ONNX Runtime 1.15 or newer "
                              "(this is {})",
                              label, library.version));
    }
    char* buffer = nullptr;
    library.check(library.api->GetResizedStringTensorElementBuffer(value, i, text.size(), &buffer),
                  label);
    std::memcpy(buffer, text.data(), text.size());
  }
}

void read_strings(const Library& library, const OrtValue* value, std::size_t count,
                  std::vector<std::string>& out, std::string_view label) {
  if (count == 0) return;
  std::size_t bytes = 0;
  library.check(library.api->GetStringTensorDataLength(value, &bytes), label);
  std::string content(bytes, '\0');
  std::vector<std::size_t> offsets(count);
  library.check(library.api->GetStringTensorContent(value, content.data(), bytes, offsets.data(),
                                                    offsets.size()),
                label);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t end = i + 1 < count ? offsets[i + 1] : bytes;
    out.emplace_back(content, offsets[i], end - offsets[i]);
  }
}

}  // namespace

Value make_value(const Library& library, const base::Tensor& tensor, std::string_view label) {
  const OrtApi& api = *library.api;
  const auto type = static_cast<ONNXTensorElementDataType>(tensor.type);
  OrtValue* raw = nullptr;
  if (tensor.type == base::ElementType::string) {
    library.check(api.CreateTensorAsOrtValue(library.allocator, tensor.dims.data(),
                                             tensor.dims.size(), type, &raw),
                  label);
    Value value(raw, api.ReleaseValue);
    fill_strings(library, raw, tensor.strings, label);
    return value;
  }
  // ONNX Runtime takes a mutable pointer but never writes to an input; an empty tensor still wants
  // one that is not null.
  static std::byte nothing{};
  void* data = tensor.bytes.empty() ? &nothing : const_cast<std::byte*>(tensor.bytes.data());
  library.check(
      api.CreateTensorWithDataAsOrtValue(library.cpu_memory, data, tensor.bytes.size(),
                                         tensor.dims.data(), tensor.dims.size(), type, &raw),
      label);
  return {raw, api.ReleaseValue};
}

base::ElementType element_type(const Library& library, const OrtValue* value,
                               std::string_view label) {
  OrtTensorTypeAndShapeInfo* raw = nullptr;
  library.check(library.api->GetTensorTypeAndShape(value, &raw), label);
  const Handle<OrtTensorTypeAndShapeInfo> info(raw, library.api->ReleaseTensorTypeAndShapeInfo);
  ONNXTensorElementDataType type = ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED;
  library.check(library.api->GetTensorElementType(raw, &type), label);
  return static_cast<base::ElementType>(type);
}

bool is_held(base::ElementType type) {
  return type == base::ElementType::string || base::element_size(type) != 0;
}

base::Tensor read_value(const Library& library, const OrtValue* value, std::string_view label) {
  const OrtApi& api = *library.api;
  OrtTensorTypeAndShapeInfo* raw = nullptr;
  library.check(api.GetTensorTypeAndShape(value, &raw), label);
  const Handle<OrtTensorTypeAndShapeInfo> info(raw, api.ReleaseTensorTypeAndShapeInfo);
  ONNXTensorElementDataType type = ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED;
  library.check(api.GetTensorElementType(raw, &type), label);
  std::size_t rank = 0;
  library.check(api.GetDimensionsCount(raw, &rank), label);
  base::Tensor out;
  out.type = static_cast<base::ElementType>(type);
  out.dims.resize(rank);
  library.check(api.GetDimensions(raw, out.dims.data(), rank), label);
  const auto count = static_cast<std::size_t>(base::element_count(out.dims).value_or(0));
  if (out.type == base::ElementType::string) {
    read_strings(library, value, count, out.strings, label);
    return out;
  }
  const std::size_t size = base::element_size(out.type);
  if (size == 0) {
    throw Error(ErrorCode::runtime_failed,
                fmt::format("{}: has element type {}, which Octet does not read", label,
                            static_cast<int>(type)));
  }
  void* data = nullptr;
  library.check(api.GetTensorMutableData(const_cast<OrtValue*>(value), &data), label);
  const auto* begin = static_cast<const std::byte*>(data);
  if (count != 0) out.bytes.assign(begin, begin + count * size);
  return out;
}

}  // namespace octet::runtime
