// Which element type an operator gives, from what it reads.
#include <array>

#include "graph/shape_rules.hpp"

namespace octet::graph {
namespace {

using base::ElementType;

constexpr std::array gives_bool = {"And",   "Equal", "Greater", "GreaterOrEqual",
                                   "IsInf", "IsNaN", "Less",    "LessOrEqual",
                                   "Not",   "Or",    "Xor"};
constexpr std::array gives_int64 = {"ArgMax", "ArgMin", "NonZero", "Shape", "Size"};
constexpr std::array gives_int32 = {"ConvInteger", "MatMulInteger"};
// By attribute, by default, or by the operand that is none: nothing is said of them here.
constexpr std::array says_nothing = {"Bernoulli",      "ConstantOfShape",  "EyeLike",
                                     "QuantizeLinear", "RandomNormalLike", "RandomUniformLike"};

template <std::size_t N>
bool holds(const std::array<const char*, N>& list, std::string_view op) {
  for (const char* entry : list) {
    if (op == entry) return true;
  }
  return false;
}

ElementType of_constant(const onnx::NodeView& node) {
  for (const onnx::AttributeView& view : node.attributes) {
    if (view.name == "value_float" || view.name == "value_floats") return ElementType::float32;
    if (view.name == "value_int" || view.name == "value_ints") return ElementType::int64;
    if (view.name == "value_string" || view.name == "value_strings") return ElementType::string;
  }
  return ElementType::undefined;
}

// Output 0 of an operator of ONNX that has a shape rule.
ElementType first_output(const RuleCall& call) {
  const onnx::NodeView& node = *call.node;
  const std::string_view op = node.op_type;
  if (op == "Cast") return static_cast<ElementType>(node.integer("to", 0));
  if (op == "CastLike" || op == "Where" || op == "DequantizeLinear") return call.type(1);
  if (op == "Constant") return of_constant(node);
  if (op == "DynamicQuantizeLinear") return ElementType::uint8;
  if (op == "QLinearMatMul" || op == "QLinearConv") return call.type(7);
  if (holds(gives_bool, op)) return ElementType::boolean;
  if (holds(gives_int64, op)) return ElementType::int64;
  if (holds(gives_int32, op)) return ElementType::int32;
  if (holds(says_nothing, op)) return ElementType::undefined;
  for (const ElementType type : call.input_types) {
    if (type != ElementType::undefined) return type;  // Concat, Max: any of them
    if (op != "Concat" && op != "Max" && op != "Min" && op != "Sum" && op != "Mean") break;
  }
  return ElementType::undefined;
}

}  // namespace

void infer_types(RuleCall& call) {
  std::vector<ElementType>& out = call.output_types;
  if (out.empty() || find_rule(*call.node) == nullptr) return;
  const onnx::NodeView& node = *call.node;
  if (!node.domain.empty()) {
    const bool floats =
        node.op_type == "DynamicQuantizeMatMul" || node.op_type == "MatMulIntegerToFloat";
    out[0] = floats ? ElementType::float32 : call.type(0);
    return;
  }
  out[0] = first_output(call);
  const bool all_alike = node.is("LSTM") || node.is("GRU") || node.is("RNN") || node.is("Split");
  for (std::size_t i = 1; i < out.size(); ++i) {
    if (all_alike) out[i] = out[0];
    if (node.is("TopK") || node.is("MaxPool")) out[i] = ElementType::int64;
    if (node.is("DynamicQuantizeLinear"))
      out[i] = i == 1 ? ElementType::float32 : ElementType::uint8;
  }
}

}  // namespace octet::graph
