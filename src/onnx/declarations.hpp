// Declarations written anew: ValueInfoProto, OperatorSetIdProto, and the head of a TensorProto.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/element_type.hpp"
#include "onnx/message.hpp"

namespace octet::onnx {

struct Dimension {
  std::int64_t size = -1;  // -1: any number
  std::string_view name;   // of a dimension of any number
};

// A tensor's.
[[nodiscard]] Message value_info(std::string_view name, base::ElementType type,
                                 std::span<const Dimension> dims);
[[nodiscard]] Message value_info(std::string_view name, base::ElementType type,
                                 std::span<const std::int64_t> dims);

[[nodiscard]] Message opset_import(std::string_view domain, std::int64_t version);

// Dims and type; name and elements are to be added.
[[nodiscard]] Message tensor_head(base::ElementType type, std::span<const std::int64_t> dims);

}  // namespace octet::onnx
