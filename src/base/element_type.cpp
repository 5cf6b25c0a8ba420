#include "base/element_type.hpp"

namespace octet::base {
namespace {

struct Row {
  ElementType type;
  std::size_t size;
  std::string_view name;
};

constexpr Row rows[] = {
    {ElementType::undefined, 0, "undefined"}, {ElementType::float32, 4, "float32"},
    {ElementType::uint8, 1, "uint8"},         {ElementType::int8, 1, "int8"},
    {ElementType::uint16, 2, "uint16"},       {ElementType::int16, 2, "int16"},
    {ElementType::int32, 4, "int32"},         {ElementType::int64, 8, "int64"},
    {ElementType::string, 0, "string"},       {ElementType::boolean, 1, "bool"},
    {ElementType::float16, 2, "float16"},     {ElementType::float64, 8, "float64"},
    {ElementType::uint32, 4, "uint32"},       {ElementType::uint64, 8, "uint64"},
    {ElementType::complex64, 8, "complex64"}, {ElementType::complex128, 16, "complex128"},
    {ElementType::bfloat16, 2, "bfloat16"},
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
  return row ? row->size : 0;
}

std::string_view element_name(ElementType type) {
  const Row* row = find(type);
  return row ? row->name : "unknown";
}

bool is_floating(ElementType type) {
  return type == ElementType::float32 || type == ElementType::float64 ||
         type == ElementType::float16 || type == ElementType::bfloat16;
}

}  // namespace octet::base
