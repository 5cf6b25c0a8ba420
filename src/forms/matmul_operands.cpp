#include "forms/matmul_operands.hpp"

#include <cmath>

#include <fmt/format.h>

#include "forms/readers.hpp"

namespace octet::forms {
namespace {

using graph::Graph;
using graph::none;

// The product certainly has two axes or more, so that [1, N] added to it leaves its rank alone.
bool has_two_axes(const Survey& survey, const graph::Node& node) {
  const graph::Shape* shape = survey.shape(node.inputs[0]);
  return shape != nullptr && shape->size() >= 2;
}

// The Add of a constant [N] that is the only reader of a MatMul's output is exact inside the
// operator, whatever the rank of the output. [1, N] is so too when the output has two axes anyway;
// other shapes could change its rank.
void find_bias(const Survey& survey, const graph::Node& node, MatMulOperands& out) {
  const Graph& graph = survey.graph();
  const graph::NodeId id = sole_reader(graph, node.outputs[0]);
  if (id == none) return;
  const graph::Node& add = graph.node(id);
  const bool whole = add.inputs.size() == 2 && add.outputs.size() == 1 && add.outputs[0] != none;
  if (!add.view.is("Add") || add.scope != node.scope || !whole) return;
  const std::uint32_t other = add.inputs[0] == node.outputs[0] ? 1 : 0;
  const graph::Constant* bias = graph.constant_input(id, other);
  if (bias == nullptr || !bias->tensor.is_float32()) return;
  const bool vector = bias->tensor.dims == std::vector<std::int64_t>{out.columns()};
  const bool row = bias->tensor.dims == std::vector<std::int64_t>{1, out.columns()};
  if (!vector && !(row && has_two_axes(survey, node))) return;
  out.addend = add.inputs[other];
  out.add = id;
}

// MatMul(weight, a), where only the left side is a weight: its turned view, and a's rank known.
const Place* left_weight(const Survey& survey, graph::NodeId id) {
  const Graph& graph = survey.graph();
  const Place* left = survey.place(id, 0);
  const Place* right = survey.place(id, 1);
  const bool one = left != nullptr && left->source.constant != none &&
                   (right == nullptr || right->source.constant == none);
  return one && graph.node(id).view.is("MatMul") && left->source.view.dims.size() == 2 ? left
                                                                                       : nullptr;
}

bool is_fused_matmul(const onnx::NodeView& view) {
  return view.domain == "com.microsoft" && view.op_type == "FusedMatMul";
}

void read_attributes(const graph::Node& node, MatMulOperands& out) {
  out.transpose_a = node.view.integer("transA", 0) != 0;
  if (node.view.integer("transB", 0) != 0) out.view = turned(out.view);
  out.alpha = node.view.real("alpha", 1);
}

}  // namespace

std::optional<MatMulOperands> matmul_operands(const Survey& survey, graph::NodeId id,
                                              Refusal& why) {
  const graph::Node& node = survey.graph().node(id);
  const bool gemm = node.view.is("Gemm");
  const bool fused = is_fused_matmul(node.view);
  const auto refuse = [&](Refusal refusal) {
    why = std::move(refusal);
    return std::nullopt;
  };
  if (!gemm && !fused && !node.view.is("MatMul"))
    return refuse(not_my_operator("only MatMul and Gemm are computed in INT8"));
  const bool whole = node.inputs.size() >= 2 && node.inputs[0] != none && node.inputs[1] != none &&
                     node.outputs.size() == 1 && node.outputs[0] != none;
  if (!whole) return refuse({"rank", "its inputs and outputs are not those of its operator"});
  const Place* left = left_weight(survey, id);
  const Place* place = left != nullptr ? left : survey.place(id, 1);
  if (place == nullptr) return refuse(not_my_operator("its second input is no weight"));
  if (place->source.constant == none)
    return refuse({"not_constant", "the weight is computed while the model runs"});
  if (place->source.view.dims.size() != 2)
    return refuse({"rank", "the weight does not have two axes"});

  MatMulOperands out;
  out.weight = place->source.constant;
  out.view = left != nullptr ? turned(place->source.view) : place->source.view;
  out.slot = place->slot;
  out.left = left != nullptr;
  out.activation = node.inputs[left != nullptr ? 1 : 0];
  if (gemm || fused) read_attributes(node, out);
  if (gemm) {
    out.beta = node.view.real("beta", 1);
    if (node.inputs.size() > 2 && out.beta != 0) out.addend = node.inputs[2];
  } else if (!out.left) {
    find_bias(survey, node, out);
  }
  if (!std::isfinite(out.alpha) || out.alpha == 0 || !std::isfinite(out.beta))
    return refuse({"alpha", fmt::format("alpha = {}, beta = {}", out.alpha, out.beta)});
  if (fused &&
      (node.view.integer("transBatchA", 0) != 0 || node.view.integer("transBatchB", 0) != 0))
    return refuse({"rank", "it turns the batch"});
  if (out.left || (fused && out.transpose_a)) {
    const graph::Shape* shape = survey.shape(out.activation);
    if (shape == nullptr || shape->size() < 2)
      return refuse({"rank", "the number of the activation's axes is not known, or below two"});
    out.axes = shape->size();
  }
  return out;
}

}  // namespace octet::forms
