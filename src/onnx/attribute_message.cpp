#include "onnx/attribute_message.hpp"

#include <utility>

#include "onnx/field_numbers.hpp"

namespace octet::onnx {
namespace {

constexpr std::uint32_t type_strings = 8;  // of AttributeProto.AttributeType

Message started(std::string_view name, std::uint32_t type) {
  Message out;
  out.text(field::attribute::name, name);
  out.varint(field::attribute::type, type);
  return out;
}

void put_varint(std::string& out, std::uint64_t value) {
  while (value >= 0x80) {
    out += static_cast<char>(static_cast<unsigned char>(value | 0x80U));
    value >>= 7U;
  }
  out += static_cast<char>(static_cast<unsigned char>(value));
}

template <typename T>
Message texts(std::string_view name, std::span<const T> values) {
  Message out = started(name, type_strings);
  for (const T& value : values) out.text(field::attribute::strings, value);
  return out;
}

}  // namespace

Message attribute_of(std::string_view name, std::int64_t value) {
  Message out = started(name, field::attribute::type_int);
  out.varint(field::attribute::i, static_cast<std::uint64_t>(value));
  return out;
}

Message attribute_of(std::string_view name, float value) {
  Message out = started(name, field::attribute::type_float);
  out.fixed32(field::attribute::f, value);
  return out;
}

Message attribute_of(std::string_view name, std::string_view value) {
  Message out = started(name, field::attribute::type_string);
  out.text(field::attribute::s, value);
  return out;
}

Message attribute_of(std::string_view name, std::span<const std::int64_t> values) {
  std::string packed;
  packed.reserve(values.size() * 2);
  for (const std::int64_t value : values) put_varint(packed, static_cast<std::uint64_t>(value));
  Message out = started(name, field::attribute::type_ints);
  out.text(field::attribute::ints, packed);
  return out;
}

Message attribute_of(std::string_view name, std::span<const float> values) {
  Message out = started(name, field::attribute::type_floats);
  out.text(field::attribute::floats,
           {reinterpret_cast<const char*>(values.data()), values.size_bytes()});
  return out;
}

Message attribute_of(std::string_view name, std::span<const std::string> values) {
  return texts(name, values);
}

Message attribute_of(std::string_view name, std::span<const std::string_view> values) {
  return texts(name, values);
}

Message tensor_attribute(std::string_view name, base::ElementType type, std::int64_t count,
                         std::string_view raw) {
  Message tensor;
  tensor.varint(field::tensor::dims, static_cast<std::uint64_t>(count));
  tensor.varint(field::tensor::data_type, static_cast<std::uint64_t>(type));
  tensor.text(field::tensor::raw_data, raw);
  Message out = started(name, field::attribute::type_tensor);
  out.message(field::attribute::t, std::move(tensor));
  return out;
}

}  // namespace octet::onnx
