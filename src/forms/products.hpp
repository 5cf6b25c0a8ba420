// What every form that multiplies integers asks of a node before it looks at the operator's own.
#pragma once

#include "forms/form.hpp"

namespace octet::forms {

// The opset of DynamicQuantizeLinear.
inline constexpr std::int64_t quantizing_opset = 11;
// Columns of a weight that MLAS's kernels compute at a time.
inline constexpr std::int64_t kernel_columns = 16;

// How the weight in the slot is to be stored, so that its integers are multiplied; nullopt where
// this cannot be (inside a function, no float32 weight, no operators, a storage that is no
// integer), and `why` says it. The node has a weight there.
[[nodiscard]] std::optional<quant::Encoding> product_encoding(const Survey& survey,
                                                              graph::NodeId node,
                                                              std::uint32_t slot,
                                                              const Choice& choice, Refusal& why);

}  // namespace octet::forms
