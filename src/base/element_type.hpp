// Element types, numbered as in ONNX's TensorProto.DataType (and ONNX Runtime's
// ONNXTensorElementDataType).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
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
  float8e4m3fn = 17,
  float8e4m3fnuz = 18,
  float8e5m2 = 19,
  float8e5m2fnuz = 20,
  uint4 = 21,
  int4 = 22,
  float4e2m1 = 23,
  float8e8m0 = 24,
  uint2 = 25,
  int2 = 26,
};

// Bytes of one element in raw little-endian storage; 0 for strings, for types unknown here, and for
// those of 8 bits and less whose numbers Octet never reads (float8, int4 …): they are only copied.
[[nodiscard]] std::size_t element_size(ElementType type);

// Bytes that so many elements take in raw storage, where types below 8 bits lie packed; nullopt
// when the type does not say: strings, and types newer than this list. `elements` · 16 must not
// overflow.
[[nodiscard]] std::optional<std::uint64_t> packed_bytes(ElementType type, std::uint64_t elements);

// "float32", "int8", …; "type 23" style names are not made up: an unknown number gives "unknown".
[[nodiscard]] std::string_view element_name(ElementType type);

// The type of that name; undefined when there is none.
[[nodiscard]] ElementType element_named(std::string_view name);

[[nodiscard]] bool is_floating(ElementType type);

}  // namespace octet::base
