#include "forms/matmul_operands.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace octet::forms {
namespace {

using graph::Graph;
using graph::none;

// Operators whose result has at least the axes of each operand.
constexpr std::array<std::string_view, 18> keeps_axes = {
    "Add",       "Sub",      "Mul",  "Div",     "Relu", "Tanh",
    "Sigmoid",   "Softmax",  "Erf",  "Sqrt",    "Clip", "Elu",
    "LeakyRelu", "Identity", "Cast", "Dropout", "Pow",  "LayerNormalization"};

// The value certainly has two axes or more. No shape inference: a look at what made it, a few steps
// back.
bool has_two_axes(const Graph& graph, graph::ValueId id, int steps = 24) {
  if (id == none || steps == 0) return false;
  const graph::Value& value = graph.value(id);
  if (value.constant != none) return graph.constant(value.constant).tensor.dims.size() >= 2;
  if (value.producer == none) {
    for (const onnx::ValueView& input : graph.scope(value.scope).inputs) {
      if (input.name == value.name) return input.has_shape && input.dims.size() >= 2;
    }
    return false;
  }
  const graph::Node& node = graph.node(value.producer);
  if (node.view.is("Gemm")) return true;
  if (node.inputs.empty()) return false;
  if (node.view.is("MatMul")) return has_two_axes(graph, node.inputs[0], steps - 1);
  if (node.view.domain == "ai.onnx.ml" && node.view.op_type == "Scaler") {
    return has_two_axes(graph, node.inputs[0], steps - 1);
  }
  if (!node.view.domain.empty()) return false;
  if (std::find(keeps_axes.begin(), keeps_axes.end(), node.view.op_type) == keeps_axes.end())
    return false;
  return std::any_of(node.inputs.begin(), node.inputs.end(),
                     [&](graph::ValueId input) { return has_two_axes(graph, input, steps - 1); });
}

// The Add of a constant [N] that is the only reader of a MatMul's output is exact inside the
// operator, whatever the rank of the output. [1, N] is so too when the output has two axes anyway;
// other shapes could change its rank.
void find_bias(const Graph& graph, const graph::Node& node, MatMulOperands& out) {
  const graph::Value& product = graph.value(node.outputs[0]);
  if (product.is_scope_output || product.uses.size() != 1) return;
  const graph::NodeId id = product.uses[0].node;
  const graph::Node& add = graph.node(id);
  if (!add.view.is("Add") || add.scope != node.scope || add.inputs.size() != 2) return;
  const std::uint32_t other = 1 - product.uses[0].slot;
  const graph::Constant* bias = graph.constant_input(id, other);
  if (bias == nullptr || !bias->tensor.is_float32()) return;
  const bool vector = bias->tensor.dims == std::vector<std::int64_t>{out.columns};
  const bool row = bias->tensor.dims == std::vector<std::int64_t>{1, out.columns};
  if (!vector && !(row && has_two_axes(graph, node.inputs[0]))) return;
  out.addend = add.inputs[other];
  out.add = id;
}

}  // namespace

std::string small_detail(const MatMulOperands& operands) {
  return fmt::format("{}x{}: too few products for what quantizing the activation costs",
                     operands.rows, operands.columns);
}

std::optional<MatMulOperands> matmul_operands(const Graph& graph, const Site& site) {
  const graph::Node& node = graph.node(site.node);
  const bool gemm = node.view.is("Gemm");
  if (site.slot != 1 || site.constant == none || (!gemm && !node.view.is("MatMul")))
    return std::nullopt;
  if (node.inputs.size() < 2 || node.inputs[0] == none || node.outputs.size() != 1 ||
      node.outputs[0] == none) {
    return std::nullopt;
  }
  const onnx::TensorView& weight = graph.constant(site.constant).tensor;
  if (weight.dims.size() != 2) return std::nullopt;

  MatMulOperands out;
  out.weight_is_transposed = site.transposed;
  if (gemm) {
    out.transpose_a = node.view.integer("transA", 0) != 0;
    out.weight_is_transposed = site.transposed != (node.view.integer("transB", 0) != 0);
    out.alpha = node.view.real("alpha", 1);
    out.beta = node.view.real("beta", 1);
    if (node.inputs.size() > 2 && out.beta != 0) out.addend = node.inputs[2];
  }
  out.rows = weight.dims[out.weight_is_transposed ? 1 : 0];
  out.columns = weight.dims[out.weight_is_transposed ? 0 : 1];
  if (!gemm) find_bias(graph, node, out);
  return out;
}

}  // namespace octet::forms
