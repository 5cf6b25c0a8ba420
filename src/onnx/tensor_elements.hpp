// The elements of a tensor that keeps them inline, in whichever field.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "onnx/tensor_view.hpp"

namespace octet::onnx {

// Little-endian, as raw_data has them; copied. What the typed fields hold is decoded, as many as
// there are: it is the caller who knows how many there should be. Empty for external data and for
// strings. Throws Error{invalid_model} naming byte and field.
[[nodiscard]] std::vector<std::byte> inline_elements(const TensorView& tensor,
                                                     const Origin& origin);

// The elements of a tensor of strings.
[[nodiscard]] std::vector<std::string> strings_of(const TensorView& tensor, const Origin& origin);

}  // namespace octet::onnx
