#include "onnx/tensor_elements.hpp"

#include "onnx/field_numbers.hpp"

namespace octet::onnx {
namespace {

using base::ElementType;
namespace f = field::tensor;

// Where onnx.proto puts the numbers of a type when there is no raw_data. A complex element is two.
struct TypedField {
  std::uint32_t number;
  std::size_t width;  // bytes of a number in raw form
  WireType type;      // of one number
};

TypedField typed_field(ElementType type) {
  switch (type) {
    case ElementType::float32:
    case ElementType::complex64:
      return {f::float_data, 4, WireType::fixed32};
    case ElementType::float64:
    case ElementType::complex128:
      return {f::double_data, 8, WireType::fixed64};
    case ElementType::int64:
      return {f::int64_data, 8, WireType::varint};
    case ElementType::uint32:
    case ElementType::uint64:
      return {f::uint64_data, base::element_size(type), WireType::varint};
    default:
      return {f::int32_data, base::element_size(type), WireType::varint};
  }
}

void append(std::vector<std::byte>& out, std::uint64_t value, std::size_t width) {
  for (std::size_t i = 0; i < width; ++i) out.push_back(static_cast<std::byte>(value >> (8 * i)));
}

}  // namespace

std::vector<std::byte> inline_elements(const TensorView& tensor, const Origin& origin) {
  if (tensor.external) return {};
  std::vector<std::byte> out(tensor.raw.begin(), tensor.raw.end());
  if (!out.empty()) return out;
  const TypedField kept = typed_field(tensor.type);
  Reader reader(tensor.message, origin, "TensorProto");
  while (const auto field = reader.next()) {
    if (field->number != kept.number) continue;
    if (kept.type == WireType::varint) {
      reader.integers(*field, [&](std::uint64_t v) { append(out, v, kept.width); });
    } else if (field->type == kept.type) {
      append(out, field->value, kept.width);
    } else {
      reader.expect(*field, WireType::length);
      out.insert(out.end(), field->payload.begin(), field->payload.end());
    }
  }
  return out;
}

std::vector<std::string> strings_of(const TensorView& tensor, const Origin& origin) {
  std::vector<std::string> out;
  Reader reader(tensor.message, origin, "TensorProto");
  while (const auto field = reader.next()) {
    if (field->number != f::string_data) continue;
    reader.expect(*field, WireType::length);
    out.emplace_back(field->text());
  }
  return out;
}

}  // namespace octet::onnx
