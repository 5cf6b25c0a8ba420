// Weights of operators that stay float, stored small: int8 with a scale per channel (or float16),
// then Cast and Mul, and the operator reads what it always read. ONNX Runtime folds Cast and Mul
// once, at load, on every version, so a run costs what it cost before. DequantizeLinear would not
// be folded: it runs again each time.
#include <fmt/format.h>

#include <algorithm>

#include "forms/channel_axes.hpp"
#include "forms/cost_rules.hpp"
#include "forms/form.hpp"
#include "forms/matmul_operands.hpp"
#include "quant/float16.hpp"

namespace octet::forms {
namespace {

using graph::none;

constexpr std::int64_t cast_opset = 6;  // Cast takes the type as a number
constexpr std::int64_t mul_opset = 7;   // Mul broadcasts as in numpy

std::optional<Refusal> check(const graph::Graph& graph, const Site& site,
                             const octet::Decision& decision) {
  if (site.constant == none)
    return Refusal{"not_constant", "the weight is computed while the model runs"};
  if (graph.scope(graph.constant(site.constant).scope).kind == graph::Scope::Kind::function) {
    return Refusal{"in_function", "weights inside model-local functions stay as they are"};
  }
  const std::int64_t opset = graph.model().opset("");
  const bool half = decision.storage == "float16";
  if (opset < (half ? cast_opset : mul_opset)) {
    return Refusal{"opset", fmt::format("opset {} cannot give the float back (7 can)", opset)};
  }
  if (decision.storage != "int8" && decision.storage != "uint8" && !half) {
    return Refusal{"storage",
                   fmt::format("storage \"{}\" is not int8, uint8 or float16", decision.storage)};
  }
  if (half && site.constant != none) {
    const onnx::Bytes elements = graph.elements(graph.constant(site.constant));
    const std::span<const float> values(reinterpret_cast<const float*>(elements.data()),
                                        elements.size() / 4);
    const float largest = quant::max_abs(values);
    graph.release(elements);
    if (!(largest < quant::float16_overflow)) {
      return Refusal{"range", fmt::format("values up to {} do not fit float16", largest)};
    }
  }
  return std::nullopt;
}

// int8 saves a quarter of the float over float16 and costs about thirty times its rounding error.
bool int8_is_worth_it(const graph::Graph& graph, const Site& site) {
  const onnx::TensorView& tensor = graph.constant(site.constant).tensor;
  const ChannelAxes axes = *channel_axes(graph, site);
  std::uint64_t channels = 1;
  for (std::size_t a = axes.axis; a < axes.axis_end; ++a)
    channels *= static_cast<std::uint64_t>(tensor.dims[a]);
  return tensor.size_bytes() >= cost::min_int8_bytes &&
         tensor.elements / channels >= cost::min_per_scale;
}

// Why the operator is not computed in INT8, in the words of the plan.
std::pair<std::string, std::string> why(const graph::Graph& graph, const Site& site) {
  const onnx::NodeView& node = graph.node(site.node).view;
  if (is_depthwise(graph, site)) return {"depthwise", "depthwise convolutions are slower in INT8"};
  if (node.is("Gather")) return {"table", "looking up float rows costs least in this model"};
  if (node.is("Conv")) return {"conv", "ConvInteger is slower than float"};
  const auto operands = matmul_operands(graph, site);
  if (operands && operands->columns < cost::min_columns) {
    return {"narrow", fmt::format("{} columns, computing in INT8 pays from {}", operands->columns,
                                  cost::min_columns)};
  }
  if (operands && !cost::int8_products_pay(operands->rows, operands->columns)) {
    return {"small", small_detail(*operands)};
  }
  return {"storage_only", fmt::format("{} has no faster INT8 form", node.op_type)};
}

std::optional<Refusal> consider(const graph::Graph& graph, const Site& site, const Wishes& wishes,
                                octet::Decision& decision) {
  if (site.constant == none)
    return Refusal{"not_constant", "the weight is computed while the model runs"};
  if (wishes.storage == "float32")
    return Refusal{"storage", "weights of float arithmetic keep float storage on request"};
  const onnx::TensorView& tensor = graph.constant(site.constant).tensor;
  if (tensor.size_bytes() < cost::min_folded_bytes) {
    return Refusal{"tiny", fmt::format("{} bytes, storing small pays from {}", tensor.size_bytes(),
                                       cost::min_folded_bytes)};
  }
  const onnx::NodeView& node = graph.node(site.node).view;
  const bool is_weight = channel_axes(graph, site).has_value();
  if (!is_weight && !tolerates_float16(node)) {
    return Refusal{"operand", fmt::format("{} may need every bit of this operand", op_name(node))};
  }
  const auto long_axes =
      std::count_if(tensor.dims.begin(), tensor.dims.end(), [](std::int64_t d) { return d > 1; });
  if (!is_weight && long_axes < 2) {
    return Refusal{"vector",
                   "a bias or another vector: little to save, and its bits count in every output"};
  }
  decision.storage = is_weight && int8_is_worth_it(graph, site) ? wishes.storage : "float16";
  if (auto refusal = check(graph, site, decision)) return refusal;
  decision.form = "folded";
  const bool half = decision.storage == "float16";
  decision.granularity = half ? "none" : (wishes.per_channel ? "per_channel" : "per_tensor");
  decision.range = half ? "none" : "full";
  decision.ops = "standard";
  const auto [reason, detail] =
      is_weight ? why(graph, site)
                : std::pair<std::string, std::string>{
                      "operand",
                      fmt::format("an operand of {}, not a weight with channels", node.op_type)};
  decision.reason = reason;
  decision.detail = detail;
  return std::nullopt;
}

Storage storage(const graph::Graph& graph, const Site& site, const octet::Decision& decision) {
  Storage out;
  out.type = decision.storage;
  if (out.type == "float16") return out;
  const std::size_t rank = graph.constant(site.constant).tensor.dims.size();
  const ChannelAxes axes =
      channel_axes(graph, site).value_or(ChannelAxes{rank == 0 ? 0 : rank - 1, rank});
  out.axis = axes.axis;
  out.axis_end = axes.axis_end;
  out.range = decision.range;
  out.per_tensor = decision.granularity == "per_tensor" || rank < 2;
  return out;
}

// The float comes back under the weight's own name when the store is finished.
void apply(WeightStore& store, const Site& site, const octet::Decision& /*decision*/) {
  (void)store.get(site.constant);
}

}  // namespace

const Form folded = {
    "folded", "Stored as int8 or float16, turned back into float once, when the model is loaded.",
    consider, check,
    storage,  apply};

}  // namespace octet::forms
