// Which inputs of which operators are weights, and which of their axes are output channels.
#pragma once

#include <optional>

#include "forms/source.hpp"

namespace octet::forms {

// A weight is expected in this slot: the way to it is followed through Transposes and Reshapes.
[[nodiscard]] bool is_weight_slot(const onnx::NodeView& node, std::uint32_t slot);
// A weight in this slot deserves a decision even where it is computed while the model runs.
[[nodiscard]] bool wants_weight(const onnx::NodeView& node, std::uint32_t slot);

// The channels of `view` as the operator reads it in this slot. nullopt when the input is not a
// weight in the usual sense: an operand of plain arithmetic, a table of anchors, …
[[nodiscard]] std::optional<quant::Axes> channel_axes(const onnx::NodeView& node,
                                                      std::uint32_t slot, const View& view);

// Operators whose large constant operands may be rounded to float16 (11 bits) without changing what
// they mean. An operator not listed may compare, count or index with its operand: it keeps the
// float.
[[nodiscard]] bool tolerates_float16(const onnx::NodeView& node);

// A Conv in which every input channel has filters of its own.
[[nodiscard]] bool is_depthwise(const onnx::NodeView& node, std::uint32_t slot, const View& view);

}  // namespace octet::forms
