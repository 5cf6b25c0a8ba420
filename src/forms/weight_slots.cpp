#include "forms/weight_slots.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "forms/fused_conv.hpp"

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

bool is_fused(const onnx::NodeView& node, std::string_view op) {
  return node.domain == "com.microsoft" && node.op_type == op;
}

// What ONNX Runtime's optimizer makes of MatMul, Gemm and Conv when a model is saved after it.
bool is_fused_product(const onnx::NodeView& node) {
  return is_fused(node, "FusedMatMul") || is_fused(node, "FusedGemm") ||
         is_fused(node, "Attention");
}

// Tables of words, positions and segments.
bool is_fused_table(const onnx::NodeView& node, std::uint32_t slot) {
  return is_fused(node, "EmbedLayerNormalization") && slot >= 2 && slot <= 4;
}

bool is_recurrent(const onnx::NodeView& node) {
  return node.is("LSTM") || node.is("GRU") || node.is("RNN");
}

}  // namespace

bool wants_weight(const onnx::NodeView& node, std::uint32_t slot) {
  return slot == 1 &&
         (node.is("MatMul") || node.is("Gemm") || is_convolution(node) || is_fused_product(node));
}

bool is_weight_slot(const onnx::NodeView& node, std::uint32_t slot) {
  return wants_weight(node, slot) || (slot == 1 && node.is("ConvTranspose")) ||
         (slot == 0 && (node.is("Gather") || node.is("MatMul"))) || is_fused_table(node, slot) ||
         ((slot == 1 || slot == 2) && is_recurrent(node));
}

std::optional<quant::Axes> channel_axes(const onnx::NodeView& node, std::uint32_t slot,
                                        const View& view) {
  const std::size_t rank = view.dims.size();
  if (rank < 2) return std::nullopt;
  if (is_convolution(node) && slot == 1) return quant::Axes{0, 1};
  if (node.is("ConvTranspose") && slot == 1) return quant::Axes{1, 2};
  if ((node.is("Gemm") || is_fused(node, "FusedGemm")) && slot == 1) {
    return node.integer("transB", 0) != 0 ? quant::Axes{0, 1} : quant::Axes{1, 2};
  }
  if (is_fused(node, "FusedMatMul") && slot == 1 && node.integer("transB", 0) != 0)
    return quant::Axes{rank - 2, rank - 1};
  if ((node.is("MatMul") || is_fused_product(node)) && slot == 1)
    return quant::Axes{rank - 1, rank};
  if (node.is("MatMul") && slot == 0) return quant::Axes{rank - 2, rank - 1};
  if (is_fused_table(node, slot) && rank == 2) return quant::Axes{0, 1};
  if (is_recurrent(node) && (slot == 1 || slot == 2) && rank == 3) return quant::Axes{0, 2};
  if (node.is("Gather") && slot == 0 && rank == 2 && node.integer("axis", 0) == 0)
    return quant::Axes{0, 1};
  return std::nullopt;
}

bool tolerates_float16(const onnx::NodeView& node) {
  return node.domain.empty() &&
         std::find(arithmetic.begin(), arithmetic.end(), node.op_type) != arithmetic.end();
}

bool is_depthwise(const onnx::NodeView& node, std::uint32_t slot, const View& view) {
  return is_convolution(node) && slot == 1 && view.dims.size() >= 2 && view.dims[1] == 1 &&
         node.integer("group", 1) > 1;
}

}  // namespace octet::forms
