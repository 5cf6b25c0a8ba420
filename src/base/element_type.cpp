#include "base/element_type.hpp"

namespace octet::base {
namespace {

struct Row {
  ElementType type;
  unsigned bits;  // 0: the type does not say
  std::string_view name;
};

constexpr Row rows[] = {
    {ElementType::undefined, 0, "undefined"},
    {ElementType::float32, 32, "float32"},
    {ElementType::uint8, 8, "uint8"},
    {ElementType::int8, 8, "int8"},
    {ElementType::uint16, 16, "uint16"},
    {ElementType::int16, 16, "int16"},
    {ElementType::int32, 32, "int32"},
    {ElementType::int64, 64, "int64"},
    {ElementType::string, 0, "string"},
    {ElementType::boolean, 8, "bool"},
    {ElementType::float16, 16, "float16"},
    {ElementType::float64, 64, "float64"},
    {ElementType::uint32, 32, "uint32"},
    {ElementType::uint64, 64, "uint64"},
    {ElementType::complex64, 64, "complex64"},
    {ElementType::complex128, 128, "complex128"},
    {ElementType::bfloat16, 16, "bfloat16"},
    {ElementType::float8e4m3fn, 8, "float8e4m3fn"},
    {ElementType::float8e4m3fnuz, 8, "float8e4m3fnuz"},
    {ElementType::float8e5m2, 8, "float8e5m2"},
    {ElementType::float8e5m2fnuz, 8, "float8e5m2fnuz"},
    {ElementType::uint4, 4, "uint4"},
    {ElementType::int4, 4, "int4"},
    {ElementType::float4e2m1, 4, "float4e2m1"},
    {ElementType::float8e8m0, 8, "float8e8m0"},
    {ElementType::uint2, 2, "uint2"},
    {ElementType::int2, 2, "int2"},
};

const Row* find(ElementType type) {
  for (const Row& row : rows) {
    if (row.type == type) return &row;
  }
  return nullptr;
}

}  // namespace

std::size_t element_size(ElementType type) {
  const Row* row = find(type);
  return row && type <= ElementType::bfloat16 ? row->bits / 8 : 0;
}

std::optional<std::uint64_t> packed_bytes(ElementType type, std::uint64_t elements) {
  const Row* row = find(type);
  if (!row || row->bits == 0) return std::nullopt;
  if (row->bits >= 8) return elements * (row->bits / 8);
  const std::uint64_t in_a_byte = 8 / row->bits;
  return elements / in_a_byte + (elements % in_a_byte != 0 ? 1 : 0);
}

std::string_view element_name(ElementType type) {
  const Row* row = find(type);
  return row ? row->name : "unknown";
}

ElementType element_named(std::string_view name) {
  for (const Row& row : rows) {
    if (row.name == name) return row.type;
  }
  return ElementType::undefined;
}

bool is_floating(ElementType type) {
  return type == ElementType::float32 || type == ElementType::float64 ||
         type == ElementType::float16 || type == ElementType::bfloat16;
}

}  // namespace octet::base
