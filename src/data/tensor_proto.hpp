// ONNX TensorProto files (input_0.pb): only dense data inside the file.
#pragma once

#include <string>
#include <string_view>

#include "base/tensor.hpp"

namespace octet::data {

// Throws Error{invalid_data} for a malformed message, data that do not fill the dims, external
// data, and types that base::element_size does not know. `label` opens every message.
[[nodiscard]] base::NamedTensor read_tensor_proto(std::string_view message,
                                                  const std::string& label);

}  // namespace octet::data
