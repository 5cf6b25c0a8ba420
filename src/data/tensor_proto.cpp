#include "data/tensor_proto.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/checked.hpp"
#include "octet/error.hpp"
#include "onnx/tensor_elements.hpp"

namespace octet::data {
namespace {

using base::ElementType;

[[noreturn]] void refuse(const std::string& label, const std::string& fact) {
  throw Error(ErrorCode::invalid_data, fmt::format("{}: {}", label, fact));
}

base::NamedTensor read(const onnx::TensorView& view, const onnx::Origin& origin) {
  const bool strings = view.type == ElementType::string;
  if (!strings && base::element_size(view.type) == 0) {
    refuse(origin.label,
           fmt::format("element type {} is not read", static_cast<std::int32_t>(view.type)));
  }
  if (view.external) {
    refuse(origin.label, "its data are in another file; save the tensor with its data inside");
  }
  base::NamedTensor out{std::string(view.name), {view.type, view.dims, {}, {}}};
  if (strings) {
    out.tensor.strings = onnx::strings_of(view, origin);
  } else {
    out.tensor.bytes = onnx::inline_elements(view, origin);
  }
  const auto size = base::checked_mul(view.elements, base::element_size(view.type));
  const bool fills = strings ? out.tensor.strings.size() == view.elements
                             : size && out.tensor.bytes.size() == *size;
  if (!fills) {
    refuse(origin.label,
           fmt::format("its data do not fill its shape [{}] of {}; the file is damaged",
                       fmt::join(view.dims, ", "), base::element_name(view.type)));
  }
  return out;
}

}  // namespace

base::NamedTensor read_tensor_proto(std::string_view message, const std::string& label) {
  const onnx::Bytes bytes = std::as_bytes(std::span(message));
  const onnx::Origin origin{label, bytes.data()};
  try {
    return read(onnx::read_tensor(bytes, origin), origin);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::invalid_model) throw;
    throw Error(ErrorCode::invalid_data,
                fmt::format("{}; the file is damaged or no ONNX tensor", error.what()));
  }
}

}  // namespace octet::data
