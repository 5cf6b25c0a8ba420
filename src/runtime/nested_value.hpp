// Any output as one tensor, so that whoever compares or shows answers need not know sequences and
// maps.
#pragma once

#include <string>
#include <string_view>

#include "base/tensor.hpp"
#include "runtime/library.hpp"

namespace octet::runtime {

// A tensor, and an optional that holds one, is itself. A map is a row with a column for each key,
// in the runtime's order (sorted). A sequence is its elements stacked on a new first axis: ZipMap's
// maps give [rows, keys]. Elements of unlike shapes are one row behind the other, and `kind` has
// their shapes. An optional without a value has no elements. What none of this suits has `unread`
// (maps with unlike keys, sparse tensors, types no base::Tensor holds). Throws
// Error{runtime_failed} when ONNX Runtime refuses.
[[nodiscard]] base::NamedTensor read_output(const Library& library, const OrtValue* value,
                                            std::string name, std::string_view label);

}  // namespace octet::runtime
