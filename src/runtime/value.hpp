// Tensors between the host and ONNX Runtime: OrtValue from a base::Tensor and back.
#pragma once

#include <string_view>

#include "base/tensor.hpp"
#include "runtime/library.hpp"

namespace octet::runtime {

using Value = Handle<OrtValue>;

// Numbers are borrowed: `tensor` must outlive the value. Strings are copied. The byte count must
// fit the dims (see check_inputs); a string with a zero byte needs API 15. Throws
// Error{runtime_failed}.
[[nodiscard]] Value make_value(const Library& library, const base::Tensor& tensor,
                               std::string_view label);

// A copy of a tensor value. Throws Error{runtime_failed} when it is not a tensor of a type that
// is_held() knows.
[[nodiscard]] base::Tensor read_value(const Library& library, const OrtValue* value,
                                      std::string_view label);

// The element type of a tensor value, and whether a base::Tensor can hold it (not float8, int4).
[[nodiscard]] base::ElementType element_type(const Library& library, const OrtValue* value,
                                             std::string_view label);
[[nodiscard]] bool is_held(base::ElementType type);

}  // namespace octet::runtime
