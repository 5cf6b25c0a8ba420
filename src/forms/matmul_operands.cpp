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

}  // namespace

std::optional<MatMulOperands> matmul_operands(const Survey& survey, graph::NodeId id,
                                              Refusal& why) {
  const graph::Node& node = survey.graph().node(id);
  const bool gemm = node.view.is("Gemm");
  const auto refuse = [&](Refusal refusal) {
    why = std::move(refusal);
    return std::nullopt;
  };
  if (!gemm && !node.view.is("MatMul"))
    return refuse(not_my_operator("only MatMul and Gemm are computed in INT8"));
  const Place* place = survey.place(id, 1);
  if (place == nullptr) return refuse(not_my_operator("its second input is no weight"));
  if (place->source.constant == none)
    return refuse({"not_constant", "the weight is computed while the model runs"});
  const bool whole = node.inputs.size() >= 2 && node.inputs[0] != none &&
                     node.outputs.size() == 1 && node.outputs[0] != none;
  if (!whole || place->source.view.dims.size() != 2)
    return refuse({"rank", "the weight does not have two axes"});

  MatMulOperands out;
  out.weight = place->source.constant;
  out.view = place->source.view;
  if (gemm) {
    out.transpose_a = node.view.integer("transA", 0) != 0;
    if (node.view.integer("transB", 0) != 0) out.view = turned(out.view);
    out.alpha = node.view.real("alpha", 1);
    out.beta = node.view.real("beta", 1);
    if (node.inputs.size() > 2 && out.beta != 0) out.addend = node.inputs[2];
    if (!std::isfinite(out.alpha) || out.alpha == 0 || !std::isfinite(out.beta))
      return refuse({"alpha", fmt::format("alpha = {}, beta = {}", out.alpha, out.beta)});
  } else {
    find_bias(survey, node, out);
  }
  return out;
}

}  // namespace octet::forms
