#include "graph/shape_rules.hpp"

#include <array>
#include <unordered_map>

namespace octet::graph {
namespace {

// Results as large as the first input.
constexpr std::array as_first_input = {"Abs",
                                       "Acos",
                                       "Acosh",
                                       "Asin",
                                       "Asinh",
                                       "Atan",
                                       "Atanh",
                                       "BatchNormalization",
                                       "Bernoulli",
                                       "BitwiseNot",
                                       "Ceil",
                                       "Celu",
                                       "Clip",
                                       "Cos",
                                       "Cosh",
                                       "CumSum",
                                       "DequantizeLinear",
                                       "Dropout",
                                       "DynamicQuantizeLinear",
                                       "Elu",
                                       "Erf",
                                       "Exp",
                                       "EyeLike",
                                       "Floor",
                                       "Gelu",
                                       "GroupNormalization",
                                       "HardSigmoid",
                                       "HardSwish",
                                       "Hardmax",
                                       "InstanceNormalization",
                                       "IsInf",
                                       "IsNaN",
                                       "LRN",
                                       "LayerNormalization",
                                       "LeakyRelu",
                                       "Log",
                                       "LogSoftmax",
                                       "LpNormalization",
                                       "MeanVarianceNormalization",
                                       "Mish",
                                       "Neg",
                                       "Not",
                                       "PRelu",
                                       "QuantizeLinear",
                                       "RMSNormalization",
                                       "RandomNormalLike",
                                       "RandomUniformLike",
                                       "Reciprocal",
                                       "Relu",
                                       "ReverseSequence",
                                       "Round",
                                       "Scatter",
                                       "ScatterElements",
                                       "ScatterND",
                                       "Selu",
                                       "Shrink",
                                       "Sigmoid",
                                       "Sign",
                                       "SimplifiedLayerNormalization",
                                       "Sin",
                                       "Sinh",
                                       "Softmax",
                                       "Softplus",
                                       "Softsign",
                                       "Sqrt",
                                       "Swish",
                                       "Tan",
                                       "Tanh",
                                       "ThresholdedRelu",
                                       "Trilu"};

constexpr std::array as_first_input_contrib = {"BiasGelu",
                                               "FastGelu",
                                               "Gelu",
                                               "QuickGelu",
                                               "SkipLayerNormalization",
                                               "SkipSimplifiedLayerNormalization"};

constexpr std::array broadcasting = {"And",        "BitShift",    "BitwiseAnd", "BitwiseOr",
                                     "BitwiseXor", "Equal",       "Greater",    "GreaterOrEqual",
                                     "Less",       "LessOrEqual", "Max",        "Mean",
                                     "Min",        "Mod",         "Or",         "Pow",
                                     "Sum",        "Where",       "Xor"};

constexpr std::array reducing = {"ReduceL1",  "ReduceL2",       "ReduceLogSum", "ReduceLogSumExp",
                                 "ReduceMax", "ReduceMean",     "ReduceMin",    "ReduceProd",
                                 "ReduceSum", "ReduceSumSquare"};

using Table = std::unordered_map<std::string_view, Rule>;

const Table& onnx_table() {
  static const Table table = [] {
    Table out = {
        {"MatMul", rules::matmul},
        {"MatMulInteger", rules::matmul},
        {"QLinearMatMul", rules::qlinear_matmul},
        {"Gemm", rules::gemm},
        {"Conv", rules::conv},
        {"ConvInteger", rules::conv},
        {"QLinearConv", rules::qlinear_conv},
        {"ConvTranspose", rules::conv_transpose},
        {"MaxPool", rules::pool},
        {"AveragePool", rules::pool},
        {"LpPool", rules::pool},
        {"GlobalAveragePool", rules::global_pool},
        {"GlobalMaxPool", rules::global_pool},
        {"GlobalLpPool", rules::global_pool},
        {"LSTM", rules::recurrent},
        {"GRU", rules::recurrent},
        {"RNN", rules::recurrent},
        {"Transpose", rules::transpose},
        {"Reshape", rules::reshape},
        {"Flatten", rules::flatten},
        {"Squeeze", rules::squeeze},
        {"Unsqueeze", rules::unsqueeze},
        {"ArgMax", rules::arg_reduce},
        {"ArgMin", rules::arg_reduce},
        {"DepthToSpace", rules::depth_to_space},
        {"SpaceToDepth", rules::space_to_depth},
        {"Gather", rules::gather},
        {"GatherElements", rules::gather_elements},
        {"Concat", rules::concat},
        {"Slice", rules::slice},
        {"Split", rules::split},
        {"Pad", rules::pad},
        {"Tile", rules::tile},
        {"Expand", rules::expand},
        {"Resize", rules::resize},
        {"Upsample", rules::resize},
        {"TopK", rules::top_k},
        {"Shape", rules::shape_of},
        {"Size", rules::size_of},
        {"Constant", rules::constant},
        {"ConstantOfShape", rules::constant_of_shape},
        {"Identity", rules::cast},
        {"Cast", rules::cast},
        {"CastLike", rules::cast},
        {"Add", rules::arithmetic},
        {"Sub", rules::arithmetic},
        {"Mul", rules::arithmetic},
        {"Div", rules::arithmetic},
        {"Range", rules::range},
        {"NonZero", rules::non_zero},
    };
    for (const char* op : as_first_input) out.emplace(op, rules::as_first);
    for (const char* op : broadcasting) out.emplace(op, rules::broadcast_all);
    for (const char* op : reducing) out.emplace(op, rules::reduce);
    return out;
  }();
  return table;
}

const Table& contrib_table() {
  static const Table table = [] {
    Table out = {{"DynamicQuantizeMatMul", rules::matmul},
                 {"MatMulIntegerToFloat", rules::matmul},
                 {"DynamicQuantizeLSTM", rules::recurrent},
                 {"FusedConv", rules::conv}};
    for (const char* op : as_first_input_contrib) out.emplace(op, rules::as_first);
    return out;
  }();
  return table;
}

}  // namespace

std::optional<std::vector<std::int64_t>> RuleCall::integers(std::size_t slot) const {
  const std::optional<Numbers> known = numbers(slot);
  if (!known) return std::nullopt;
  std::vector<std::int64_t> out;
  for (const Dim& dim : *known) {
    if (!dim.size) return std::nullopt;
    out.push_back(*dim.size);
  }
  return out;
}

std::optional<std::vector<std::int64_t>> RuleCall::list(std::string_view attribute) const {
  const onnx::AttributeView* view = node->attribute(attribute);
  if (view == nullptr || view->is_reference) return std::nullopt;
  return view->ints();
}

std::optional<std::vector<std::int64_t>> RuleCall::list(std::string_view attribute,
                                                        std::size_t slot) const {
  return has_input(slot) ? integers(slot) : list(attribute);
}

bool RuleCall::is_listed(std::string_view attribute, std::size_t slot) const {
  return has_input(slot) || node->attribute(attribute) != nullptr;
}

Rule find_rule(const onnx::NodeView& node) {
  const bool contrib = node.domain == "com.microsoft";
  if (!contrib && !node.domain.empty()) return nullptr;
  const Table& table = contrib ? contrib_table() : onnx_table();
  const auto found = table.find(node.op_type);
  return found == table.end() ? nullptr : found->second;
}

std::optional<std::size_t> axis_of(std::int64_t axis, std::size_t rank) {
  const auto count = static_cast<std::int64_t>(rank);
  if (axis < -count || axis >= count) return std::nullopt;
  return static_cast<std::size_t>(axis < 0 ? axis + count : axis);
}

void rules::as_first(RuleCall& call) {
  if (const Shape* first = call.input(0)) call.set(0, *first);
  if (call.node->is("Dropout") && call.outputs.size() > 1 && call.outputs[0])
    call.set(1, *call.outputs[0]);
}

void rules::broadcast_all(RuleCall& call) {
  if (call.inputs.empty()) return;
  if (call.opset < 7 && !call.node->is("Where")) {  // towards the first operand, by attribute
    const bool alike = call.node->is("Max") || call.node->is("Min") || call.node->is("Mean") ||
                       call.node->is("Sum");
    const Shape* first = call.input(0);
    for (std::size_t i = 1; alike && first == nullptr && i < call.inputs.size(); ++i)
      first = call.inputs[i];
    if (first != nullptr) call.set(0, *first);
    return;
  }
  Shape out;
  for (const Shape* shape : call.inputs) {
    if (shape == nullptr) return;
    auto both = broadcast(out, *shape);
    if (!both) return;
    out = std::move(*both);
  }
  call.set(0, std::move(out));
}

}  // namespace octet::graph
