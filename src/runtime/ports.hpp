// What a session declares, and whether tensors fit it.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "base/tensor.hpp"
#include "runtime/library.hpp"
#include "runtime/session.hpp"

namespace octet::runtime {

enum class Side { input, output };

// Throws Error{runtime_failed}. Types Octet cannot hold (float8, int4, sequences, maps) are
// `undefined`.
[[nodiscard]] std::vector<Port> read_ports(const Library& library, const OrtSession* session,
                                           Side side, std::string_view label);

// For every port, in order, the tensor of `given` with its name. Throws Error{invalid_data} when
// one is missing, given twice, unknown, of another type, rank or fixed dimension, or when its data
// does not fill its shape. Ports without dims take any shape: ONNX Runtime tells a scalar from an
// unknown rank only when it runs.
[[nodiscard]] std::vector<const base::Tensor*> match_inputs(
    const std::vector<Port>& ports, std::span<const base::NamedTensor> given,
    std::string_view label);

}  // namespace octet::runtime
