// Element types, numbered as in ONNX's TensorProto.DataType (and ONNX Runtime's
// ONNXTensorElementDataType).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace octet::base {

enum class ElementType : std::int32_t {
  undefined = 0,
  float32 = 1,
  uint8 = 2,
  int8 = 3,
  uint16 = 4,
  int16 = 5,
  int32 = 6,
  int64 = 7,
  string = 8,
  boolean = 9,
  float16 = 10,
  float64 = 11,
  uint32 = 12,
  uint64 = 13,
  complex64 = 14,
  complex128 = 15,
  bfloat16 = 16,
};

// Bytes of one element in raw little-endian storage; 0 for strings and for types that are packed or
// unknown here.
[[nodiscard]] std::size_t element_size(ElementType type);

// "float32", "int8", …; "type 23" style names are not made up: an unknown number gives "unknown".
[[nodiscard]] std::string_view element_name(ElementType type);

[[nodiscard]] bool is_floating(ElementType type);

}  // namespace octet::base
