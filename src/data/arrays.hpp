// Arrays of the public interface as tensors, and back.
#pragma once

#include <string>

#include "base/tensor.hpp"
#include "octet/data.hpp"

namespace octet::data {

// Throws Error{invalid_data} that begins with `label` when the type is none Octet knows or the data
// do not fill the shape.
[[nodiscard]] base::NamedTensor to_tensor(const octet::Array& array, const std::string& label);
[[nodiscard]] octet::Array to_array(base::NamedTensor tensor);

}  // namespace octet::data
