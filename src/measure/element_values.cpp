#include "measure/element_values.hpp"

#include "base/half_floats.hpp"

namespace octet::measure {
namespace {

using base::ElementType;

template <typename T>
void convert(const base::Tensor& tensor, std::size_t begin, std::span<double> out) {
  const auto values = tensor.as<T>();
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<double>(values[begin + i]);
}

template <typename Decode>
void convert_bits(const base::Tensor& tensor, std::size_t begin, std::span<double> out,
                  const Decode& decode) {
  const auto values = tensor.as<std::uint16_t>();
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = decode(values[begin + i]);
}

}  // namespace

Kind kind_of(ElementType type) {
  if (base::is_floating(type)) return Kind::floating;
  if (type == ElementType::string) return Kind::text;
  if (type == ElementType::complex64 || type == ElementType::complex128) return Kind::other;
  return base::element_size(type) == 0 ? Kind::other : Kind::label;
}

std::size_t size_of(const base::Tensor& tensor) {
  if (tensor.type == ElementType::string) return tensor.strings.size();
  const std::size_t size = base::element_size(tensor.type);
  return size == 0 ? 0 : tensor.bytes.size() / size;
}

void to_doubles(const base::Tensor& tensor, std::size_t begin, std::span<double> out) {
  switch (tensor.type) {
    case ElementType::float32:
      return convert<float>(tensor, begin, out);
    case ElementType::float64:
      return convert<double>(tensor, begin, out);
    case ElementType::int8:
      return convert<std::int8_t>(tensor, begin, out);
    case ElementType::uint8:
      return convert<std::uint8_t>(tensor, begin, out);
    case ElementType::int16:
      return convert<std::int16_t>(tensor, begin, out);
    case ElementType::uint16:
      return convert<std::uint16_t>(tensor, begin, out);
    case ElementType::int32:
      return convert<std::int32_t>(tensor, begin, out);
    case ElementType::uint32:
      return convert<std::uint32_t>(tensor, begin, out);
    case ElementType::int64:
      return convert<std::int64_t>(tensor, begin, out);
    case ElementType::uint64:
      return convert<std::uint64_t>(tensor, begin, out);
    case ElementType::float16:
      return convert_bits(tensor, begin, out, base::float_from_float16);
    case ElementType::bfloat16:
      return convert_bits(tensor, begin, out, base::float_from_bfloat16);
    case ElementType::boolean: {
      const auto values = tensor.as<std::uint8_t>();
      for (std::size_t i = 0; i < out.size(); ++i) out[i] = values[begin + i] != 0 ? 1 : 0;
      return;
    }
    default:
      return;  // no number to give; kind_of tells the caller beforehand
  }
}

}  // namespace octet::measure
