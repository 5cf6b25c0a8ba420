// Which axes of an operator's weight are its output channels.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "forms/site.hpp"

namespace octet::forms {

struct ChannelAxes {
  std::size_t axis = 0;
  std::size_t axis_end = 0;
};

// nullopt when the input is not a weight in the usual sense: an operand of plain arithmetic, a
// table of anchors, …
[[nodiscard]] std::optional<ChannelAxes> channel_axes(const graph::Graph& graph, const Site& site);

// Operators whose large constant operands may be rounded to float16 (11 bits) without changing what
// they mean. An operator not listed may compare, count or index with its operand: it keeps the
// float.
[[nodiscard]] bool tolerates_float16(const onnx::NodeView& node);

// A Conv in which every input channel has filters of its own.
[[nodiscard]] bool is_depthwise(const graph::Graph& graph, const Site& site);

}  // namespace octet::forms
