#include "onnx/declarations.hpp"

#include <utility>
#include <vector>

#include "onnx/field_numbers.hpp"

namespace octet::onnx {

Message value_info(std::string_view name, base::ElementType type, std::span<const Dimension> dims) {
  Message shape;
  for (const Dimension& dim : dims) {
    Message one;
    if (dim.size >= 0)
      one.varint(field::shape::dim_value, static_cast<std::uint64_t>(dim.size));
    else
      one.text(field::shape::dim_param, dim.name);
    shape.message(field::shape::dim, std::move(one));
  }
  Message tensor;
  tensor.varint(field::tensor_type::elem_type, static_cast<std::uint64_t>(type));
  tensor.message(field::tensor_type::shape, std::move(shape));
  Message kind;
  kind.message(field::type::tensor, std::move(tensor));
  Message out;
  out.text(field::value_info::name, name);
  out.message(field::value_info::type, std::move(kind));
  return out;
}

Message value_info(std::string_view name, base::ElementType type,
                   std::span<const std::int64_t> dims) {
  std::vector<Dimension> sizes;
  for (const std::int64_t size : dims) sizes.push_back({size, {}});
  return value_info(name, type, sizes);
}

Message opset_import(std::string_view domain, std::int64_t version) {
  Message out;
  out.text(field::opset::domain, domain);
  out.varint(field::opset::version, static_cast<std::uint64_t>(version));
  return out;
}

Message tensor_head(base::ElementType type, std::span<const std::int64_t> dims) {
  Message out;
  for (const std::int64_t dim : dims)
    out.varint(field::tensor::dims, static_cast<std::uint64_t>(dim));
  out.varint(field::tensor::data_type, static_cast<std::uint64_t>(type));
  return out;
}

}  // namespace octet::onnx
