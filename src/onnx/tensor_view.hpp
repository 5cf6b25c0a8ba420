// A TensorProto read in place.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/element_type.hpp"
#include "onnx/wire.hpp"

namespace octet::onnx {

// Where a tensor's bytes are kept outside the model file. Not yet checked against any file.
struct ExternalLocation {
  std::string_view location;
  std::uint64_t offset = 0;
  // absent: what the shape asks for; to the end of the file where the type does not say
  std::optional<std::uint64_t> length;
};

// Lives as long as the bytes it was read from. The element count is already checked not to
// overflow; data that is inline is checked to have the size the shape asks for.
struct TensorView {
  Bytes message;  // the whole TensorProto
  std::string_view name;
  base::ElementType type = base::ElementType::undefined;
  std::vector<std::int64_t> dims;
  std::uint64_t elements = 0;
  Bytes raw;  // raw_data, or the one packed float_data run: little-endian elements
  std::vector<Bytes>
      scattered_floats;  // float_data that is not one packed run, in order; 4·n bytes each
  std::optional<ExternalLocation> external;
  // Bytes the elements take, in raw form; what is declared where the type does not say (strings,
  // types newer than Octet).
  [[nodiscard]] std::uint64_t size_bytes() const {
    const std::uint64_t declared = external ? external->length.value_or(0) : raw.size();
    return base::packed_bytes(type, elements).value_or(declared);
  }
  // float32 elements are at hand: inline, or external.
  [[nodiscard]] bool is_float32() const { return type == base::ElementType::float32; }
};

// Throws Error{invalid_model} naming byte and field.
[[nodiscard]] TensorView read_tensor(Bytes message, const Origin& origin);

}  // namespace octet::onnx
