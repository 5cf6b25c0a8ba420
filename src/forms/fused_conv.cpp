#include "forms/fused_conv.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace octet::forms {
namespace {

struct Known {
  std::string_view op;
  std::size_t params;
};
constexpr std::array known = {Known{"Relu", 0},      Known{"Tanh", 0}, Known{"Sigmoid", 0},
                              Known{"LeakyRelu", 1}, Known{"Clip", 2}, Known{"HardSigmoid", 2}};

constexpr std::int64_t clip_input_opset = 11;  // bounds were attributes before

}  // namespace

bool is_fused_convolution(const onnx::NodeView& node) {
  return node.domain == "com.microsoft" && node.op_type == "FusedConv";
}

bool is_convolution(const onnx::NodeView& node) {
  return node.is("Conv") || is_fused_convolution(node);
}

std::optional<Activation> activation_of(const onnx::NodeView& node) {
  const onnx::AttributeView* op = node.attribute("activation");
  if (op == nullptr || op->s.empty()) return Activation{};
  const auto* found =
      std::find_if(known.begin(), known.end(), [&](const Known& one) { return one.op == op->s; });
  if (found == known.end()) return std::nullopt;
  Activation out{std::string(op->s), {}};
  if (const onnx::AttributeView* params = node.attribute("activation_params"))
    out.params = params->floats();
  if (out.params.size() != found->params) return std::nullopt;
  return out;
}

void emit_activation(Emitter& emitter, const Activation& activation, std::int64_t opset,
                     const std::string& x, const std::string& result) {
  const std::vector<float>& params = activation.params;
  graph::NewNode node{activation.op, "", "", {x}, {result}, {}};
  if (activation.op == "LeakyRelu") node.attributes = {{"alpha", params[0]}};
  if (activation.op == "HardSigmoid") node.attributes = {{"alpha", params[0]}, {"beta", params[1]}};
  if (activation.op == "Clip" && opset < clip_input_opset)
    node.attributes = {{"min", params[0]}, {"max", params[1]}};
  if (activation.op == "Clip" && opset >= clip_input_opset)
    node.inputs = {x, emitter.real("least", params[0]), emitter.real("most", params[1])};
  emitter.add(std::move(node));
}

}  // namespace octet::forms
