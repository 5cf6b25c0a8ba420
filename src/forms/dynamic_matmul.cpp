// MatMul and Gemm with a constant weight, computed in INT8: the activation becomes u8 at run time,
// the weight is s8 with a scale per column.
//
// contrib: one com.microsoft.DynamicQuantizeMatMul with the bias inside. It is what ONNX Runtime
// itself fuses the standard chain into; written out, it is as fast at every optimisation level and
// needs no opset of ai.onnx. The zero point is given although it is 0: without it
// session.x64quantprecision aborts the process up to 1.25. standard: DynamicQuantizeLinear,
// MatMulInteger, Cast, Mul(, Add): opset 11, fused by ONNX Runtime when it optimises. The weight
// zero point is left out there: 0 is the default, and shapes other than scalar are refused by some
// versions.
#include <fmt/format.h>

#include <cmath>
#include <cstring>

#include "forms/cost_rules.hpp"
#include "forms/form.hpp"
#include "forms/matmul_operands.hpp"

namespace octet::forms {
namespace {

using graph::NewNode;
using graph::none;

constexpr std::int64_t standard_opset = 11;  // DynamicQuantizeLinear

std::optional<Refusal> impossible(const graph::Graph& graph, const Site& site,
                                  const std::string& ops) {
  const graph::Node& node = graph.node(site.node);
  const bool matmul = (node.view.is("MatMul") || node.view.is("Gemm")) && site.slot == 1;
  if (!matmul) return Refusal{"op", "only MatMul and Gemm are computed in INT8"};
  if (site.constant == none)
    return Refusal{"not_constant", "the weight is computed while the model runs"};
  if (graph.scope(node.scope).kind == graph::Scope::Kind::function) {
    return Refusal{"in_function", "nodes inside model-local functions stay as they are"};
  }
  const auto operands = matmul_operands(graph, site);
  if (!operands) return Refusal{"rank", "the weight does not have two axes"};
  if (!std::isfinite(operands->alpha) || operands->alpha == 0 || !std::isfinite(operands->beta)) {
    return Refusal{"alpha", fmt::format("alpha = {}, beta = {}", operands->alpha, operands->beta)};
  }
  if (ops == "standard" && graph.model().opset("") < standard_opset) {
    return Refusal{"opset", fmt::format("opset {} has no DynamicQuantizeLinear (11 has)",
                                        graph.model().opset(""))};
  }
  return std::nullopt;
}

std::optional<Refusal> consider(const graph::Graph& graph, const Site& site, const Wishes& wishes,
                                octet::Decision& decision) {
  if (auto refusal = impossible(graph, site, wishes.ops)) return refusal;
  const MatMulOperands operands = *matmul_operands(graph, site);
  if (operands.columns < cost::min_columns) {
    return Refusal{"narrow", fmt::format("{} columns, computing in INT8 pays from {}",
                                         operands.columns, cost::min_columns)};
  }
  if (!cost::int8_products_pay(operands.rows, operands.columns)) {
    return Refusal{"small", small_detail(operands)};
  }
  decision.form = "dynamic_matmul";
  decision.storage = wishes.weight_type;
  decision.granularity = wishes.per_channel ? "per_channel" : "per_tensor";
  decision.range = wishes.weight_type == "uint8" && wishes.range == "pair" ? "full" : wishes.range;
  decision.ops = wishes.ops;
  decision.reason = "fast";
  decision.detail = fmt::format("{}x{} INT8 products{}", operands.rows, operands.columns,
                                operands.addend != none ? ", bias inside" : "");
  return std::nullopt;
}

std::optional<Refusal> check(const graph::Graph& graph, const Site& site,
                             const octet::Decision& decision) {
  if (decision.storage != "int8" && decision.storage != "uint8") {
    return Refusal{
        "storage",
        fmt::format("storage \"{}\" cannot be computed with; int8 or uint8 can", decision.storage)};
  }
  return impossible(graph, site, decision.ops);
}

Storage storage(const graph::Graph& graph, const Site& site, const octet::Decision& decision) {
  const MatMulOperands operands = *matmul_operands(graph, site);
  Storage out;
  out.type = decision.storage;
  out.range = decision.range;
  out.axis = operands.weight_is_transposed ? 0 : 1;
  out.axis_end = out.axis + 1;
  out.per_tensor = decision.granularity == "per_tensor";
  out.transposed = operands.weight_is_transposed;
  out.multiplier = operands.alpha;
  return out;
}

// The nodes that take the place of one MatMul or Gemm, in order.
class Writer {
 public:
  Writer(WeightStore& store, const Site& site, const octet::Decision& decision)
      : store_(store),
        overlay_(store.overlay()),
        graph_(overlay_.graph()),
        node_(graph_.node(site.node)),
        decision_(decision),
        operands_(*matmul_operands(graph_, site)),
        weight_(store.as_matrix(site.constant)) {
    patch_.removed = {site.node};
    if (operands_.add != none) patch_.removed.push_back(operands_.add);
    const graph::Node& last = graph_.node(patch_.removed.back());
    result_ = std::string(graph_.value(last.outputs[0]).name);
    label_ = node_.view.name.empty() ? result_ : std::string(node_.view.name);
  }

  void run() {
    const std::string a = activation();
    const std::string bias = inner_bias();
    const bool add_after = operands_.addend != none && bias.empty();
    const std::string product = add_after ? fresh("product") : result_;
    if (decision_.ops == "standard") {
      standard(a, bias, product);
    } else {
      const std::string& zero = store_.zero_point(weight_.storage.type);
      NewNode node{"DynamicQuantizeMatMul",
                   "com.microsoft",
                   std::string(node_.view.name),
                   {a, weight_.data, weight_.scale, zero},
                   {product},
                   {}};
      if (!bias.empty()) node.inputs.push_back(bias);
      patch_.nodes.push_back(std::move(node));
      overlay_.require_opset("com.microsoft", 1);
    }
    if (add_after) outer_addend(product);
    overlay_.apply(std::move(patch_));
  }

 private:
  std::string fresh(std::string_view what) {
    return overlay_.fresh_name(fmt::format("{}_{}", label_, what));
  }

  void add(std::string op, std::vector<std::string> inputs, std::vector<std::string> outputs,
           std::vector<graph::NewAttribute> attributes = {}) {
    std::string name = fresh(op);
    patch_.nodes.push_back({std::move(op), "", std::move(name), std::move(inputs),
                            std::move(outputs), std::move(attributes)});
  }

  std::string activation() {
    std::string a(graph_.value(node_.inputs[0]).name);
    if (!operands_.transpose_a) return a;
    std::string turned = fresh("transposed");
    add("Transpose", {a}, {turned}, {{"perm", std::vector<std::int64_t>{1, 0}}});
    return turned;
  }

  // The addend as a constant [N], "" when it is not one: reused as it is, or a new one (scaled by
  // beta, spread out).
  std::string inner_bias() {
    if (operands_.addend == none) return "";
    const graph::Value& value = graph_.value(operands_.addend);
    if (value.constant == none) return "";
    const graph::Constant& constant = graph_.constant(value.constant);
    const onnx::TensorView& tensor = constant.tensor;
    const auto columns = static_cast<std::uint64_t>(operands_.columns);
    if (!tensor.is_float32() || (tensor.elements != columns && tensor.elements != 1)) return "";
    if (tensor.elements == columns && !tensor.dims.empty() &&
        tensor.dims.back() != operands_.columns)
      return "";
    if (tensor.dims == std::vector<std::int64_t>{operands_.columns} && operands_.beta == 1) {
      return std::string(value.name);
    }
    const onnx::Bytes elements = graph_.elements(constant);
    std::string bytes(columns * 4, '\0');
    for (std::uint64_t n = 0; n < columns; ++n) {
      float c = 0;
      std::memcpy(&c, elements.data() + (tensor.elements == 1 ? 0 : 4 * n), 4);
      c *= operands_.beta;
      std::memcpy(bytes.data() + 4 * n, &c, 4);
    }
    std::string name = fresh("bias");
    overlay_.add_filled({name, node_.scope, base::ElementType::float32, {operands_.columns}},
                        std::move(bytes));
    return name;
  }

  void outer_addend(const std::string& product) {
    std::string addend(graph_.value(operands_.addend).name);
    if (operands_.beta != 1) {
      const std::string beta = fresh("beta");
      std::string bytes(4, '\0');
      std::memcpy(bytes.data(), &operands_.beta, 4);
      overlay_.add_filled({beta, node_.scope, base::ElementType::float32, {}}, std::move(bytes));
      std::string scaled = fresh("scaled_addend");
      add("Mul", {addend, beta}, {scaled});
      addend = std::move(scaled);
    }
    add("Add", {product, addend}, {result_});
  }

  void standard(const std::string& a, const std::string& bias, const std::string& product) {
    const std::string q = fresh("activation_quantized");
    const std::string scale = fresh("activation_scale");
    const std::string zero = fresh("activation_zero_point");
    const std::string sums = fresh("sums");
    const std::string floats = fresh("float_sums");
    const std::string scales = fresh("scales");
    const std::string scaled = bias.empty() ? product : fresh("scaled");
    add("DynamicQuantizeLinear", {a}, {q, scale, zero});
    std::vector<std::string> inputs = {q, weight_.data, zero};
    if (weight_.storage.type == "uint8") inputs.push_back(store_.zero_point("uint8"));
    add("MatMulInteger", std::move(inputs), {sums});
    add("Cast", {sums}, {floats}, {{"to", static_cast<std::int64_t>(base::ElementType::float32)}});
    add("Mul", {scale, weight_.scale}, {scales});
    add("Mul", {floats, scales}, {scaled});
    if (!bias.empty()) add("Add", {scaled, bias}, {product});
  }

  WeightStore& store_;
  graph::Overlay& overlay_;
  const graph::Graph& graph_;
  const graph::Node& node_;
  const octet::Decision& decision_;
  MatMulOperands operands_;
  Stored weight_;
  graph::Patch patch_;
  std::string result_;
  std::string label_;
};

void apply(WeightStore& store, const Site& site, const octet::Decision& decision) {
  Writer(store, site, decision).run();
}

}  // namespace

const Form dynamic_matmul = {
    "dynamic_matmul", "MatMul and Gemm computed in INT8, the activation quantized as it arrives.",
    consider,         check,
    storage,          apply};

}  // namespace octet::forms
