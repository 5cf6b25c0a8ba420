// Attributes written anew, as AttributeProtos.
//
// Lists of numbers are packed: one field for all of them, which every reader of protobuf takes and
// which is half the size for small integers.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/element_type.hpp"
#include "onnx/message.hpp"

namespace octet::onnx {

[[nodiscard]] Message attribute_of(std::string_view name, std::int64_t value);
[[nodiscard]] Message attribute_of(std::string_view name, float value);
[[nodiscard]] Message attribute_of(std::string_view name, std::string_view value);
[[nodiscard]] Message attribute_of(std::string_view name, std::span<const std::int64_t> values);
[[nodiscard]] Message attribute_of(std::string_view name, std::span<const float> values);
[[nodiscard]] Message attribute_of(std::string_view name, std::span<const std::string> values);
[[nodiscard]] Message attribute_of(std::string_view name, std::span<const std::string_view> values);
// A tensor of one dimension; `raw` are its elements, little-endian.
[[nodiscard]] Message tensor_attribute(std::string_view name, base::ElementType type,
                                       std::int64_t count, std::string_view raw);

}  // namespace octet::onnx
