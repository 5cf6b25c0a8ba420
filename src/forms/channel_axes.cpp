#include "forms/channel_axes.hpp"

#include <algorithm>
#include <array>

namespace octet::forms {
namespace {

constexpr std::array<std::string_view, 24> arithmetic = {"Add",
                                                         "Sub",
                                                         "Mul",
                                                         "Div",
                                                         "MatMul",
                                                         "Einsum",
                                                         "Gather",
                                                         "Where",
                                                         "PRelu",
                                                         "Transpose",
                                                         "Reshape",
                                                         "Squeeze",
                                                         "Unsqueeze",
                                                         "Flatten",
                                                         "Slice",
                                                         "Expand",
                                                         "Identity",
                                                         "Concat",
                                                         "Conv",
                                                         "Gemm",
                                                         "LayerNormalization",
                                                         "InstanceNormalization",
                                                         "BatchNormalization",
                                                         "ConvTranspose"};

}  // namespace

std::optional<ChannelAxes> channel_axes(const graph::Graph& graph, const Site& site) {
  const onnx::NodeView& node = graph.node(site.node).view;
  const std::size_t rank = graph.constant(site.constant).tensor.dims.size();
  if (rank < 2) return std::nullopt;
  if (node.is("Conv") && site.slot == 1) return ChannelAxes{0, 1};
  if (node.is("ConvTranspose") && site.slot == 1) return ChannelAxes{1, 2};
  if (node.is("Gemm") && site.slot == 1) {
    const bool rows = site.transposed != (node.integer("transB", 0) != 0);
    return rows ? ChannelAxes{0, 1} : ChannelAxes{1, 2};
  }
  if (node.is("MatMul") && site.slot == 1) {
    if (site.transposed) return ChannelAxes{0, 1};
    return ChannelAxes{rank - 1, rank};
  }
  const bool recurrent = node.is("LSTM") || node.is("GRU") || node.is("RNN");
  if (recurrent && (site.slot == 1 || site.slot == 2) && rank == 3) return ChannelAxes{0, 2};
  if (node.is("Gather") && site.slot == 0 && rank == 2 && node.integer("axis", 0) == 0)
    return ChannelAxes{0, 1};
  return std::nullopt;
}

bool tolerates_float16(const onnx::NodeView& node) {
  return node.domain.empty() &&
         std::find(arithmetic.begin(), arithmetic.end(), node.op_type) != arithmetic.end();
}

bool is_depthwise(const graph::Graph& graph, const Site& site) {
  const onnx::NodeView& node = graph.node(site.node).view;
  const std::vector<std::int64_t>& dims = graph.constant(site.constant).tensor.dims;
  return node.is("Conv") && site.slot == 1 && dims.size() >= 2 && dims[1] == 1 &&
         node.integer("group", 1) > 1;
}

}  // namespace octet::forms
