// MatMul and Gemm (and FusedMatMul, which ONNX Runtime's optimizer writes) with a constant weight,
// computed in INT8: the activation becomes u8 at run time, the weight is s8 with a scale per
// column.
//
// contrib: one com.microsoft.DynamicQuantizeMatMul with the bias inside. It is what ONNX Runtime
// itself fuses the standard chain into; written out, it is as fast at every optimisation level and
// needs no opset of ai.onnx. The zero point is given although it is 0: without it
// session.x64quantprecision aborts the process up to 1.25. standard: DynamicQuantizeLinear,
// MatMulInteger, Cast, Mul(, Add): opset 11, fused by ONNX Runtime when it optimises. The weight
// zero point is left out there: 0 is the default, and shapes other than scalar are refused by some
// versions.
#include <fmt/format.h>

#include <cstring>

#include "forms/form.hpp"
#include "forms/matmul_operands.hpp"
#include "forms/products.hpp"
#include "forms/weight_store.hpp"

namespace octet::forms {
namespace {

using graph::NewNode;
using graph::none;

// The addend when it is a constant [N] or can be spread out to one: then it goes inside.
const graph::Constant* inner_bias(const graph::Graph& graph, const MatMulOperands& operands) {
  if (operands.addend == none) return nullptr;
  const graph::Value& value = graph.value(operands.addend);
  if (value.constant == none) return nullptr;
  const graph::Constant& constant = graph.constant(value.constant);
  const onnx::TensorView& tensor = constant.tensor;
  const auto columns = static_cast<std::uint64_t>(operands.columns());
  if (!tensor.is_float32() || (tensor.elements != columns && tensor.elements != 1)) return nullptr;
  const bool a_row = tensor.dims.empty() || tensor.dims.back() == operands.columns();
  return tensor.elements == columns && !a_row ? nullptr : &constant;
}

std::optional<Offer> offer(const Survey& survey, graph::NodeId id, const Choice& choice,
                           Refusal& why) {
  const auto operands = matmul_operands(survey, id, why);
  if (!operands) return std::nullopt;
  const auto encoding = product_encoding(survey, id, operands->slot, choice, why);
  if (!encoding) return std::nullopt;
  Offer out;
  out.at = id;
  out.takes = {id};
  if (operands->add != none) out.takes.push_back(operands->add);
  out.needs = {{.slot = operands->slot,
                .constant = operands->weight,
                .view = operands->view,
                .axes = {1, 2},
                .encoding = *encoding,
                .multiplier = operands->alpha,
                .multiplied = true}};
  out.ops = choice.ops;
  out.reason = "fast";
  out.detail = fmt::format("{}x{} INT8 products{}", operands->rows(), operands->columns(),
                           inner_bias(survey.graph(), *operands) ? ", bias inside"
                           : operands->left                      ? ", turned"
                                                                 : "");
  return out;
}

// Of one number, in each of the two Transposes around a weight on the left.
constexpr double turning_ns = 0.8;

// How many rows the activation has; 0: not known.
std::int64_t rows_of(const Survey& survey, const MatMulOperands& operands) {
  if (operands.left) {
    const graph::Shape* shape = survey.likely_shape(operands.activation);
    std::int64_t rows = 1;
    for (std::size_t a = 0; shape != nullptr && a < shape->size(); ++a) {
      if (a + 2 != shape->size()) rows *= (*shape)[a].size.value_or(0);
    }
    return shape == nullptr ? 0 : rows;
  }
  return operands.transpose_a ? 0 : survey.rows(operands.activation);
}

Gain gain(const Survey& survey, const Offer& offer, const cost::Costs& costs,
          std::int64_t unknown) {
  Refusal unused;
  const MatMulOperands operands = *matmul_operands(survey, offer.at, unused);
  const std::int64_t k = operands.rows();
  const std::int64_t n = operands.columns();
  const std::int64_t known = rows_of(survey, operands);
  cost::Estimate estimate = costs.product({k, n, known});
  cost::Estimate alone = costs.product({k, n, known == 0 ? unknown : known});
  if (operands.left) {
    const std::int64_t rows = known == 0 ? unknown : known;
    for (cost::Estimate* e : {&estimate, &alone})
      e->int8_ns += turning_ns * static_cast<double>(rows) * static_cast<double>(k + n) + 2000;
  }
  Gain out;
  out.ns = alone.gain_ns();
  if (const cost::Fault* const fault = costs.product_fault(n)) {
    out.loss = Refusal{"runtime_fault", fmt::format("{} columns: {}", n, fault->what)};
    return out;
  }
  if (estimate.pays()) return out;
  if (n < kernel_columns) {
    out.loss = Refusal{
        "narrow", fmt::format("{} columns; the kernel computes {} at a time", n, kernel_columns)};
  } else {
    out.loss = Refusal{"small", fmt::format("{}x{}{}: INT8 would take {:.2f} of float's time", k, n,
                                            known == 0 ? "" : fmt::format(" at {} rows", known),
                                            estimate.ratio())};
  }
  return out;
}

// The nodes that take the place of one MatMul or Gemm, in order.
class Writer {
 public:
  Writer(WeightStore& store, const Offer& offer, MatMulOperands operands)
      : store_(store),
        overlay_(store.overlay()),
        graph_(overlay_.graph()),
        node_(graph_.node(offer.at)),
        ops_(offer.ops),
        operands_(std::move(operands)),
        weight_(store.get(offer.needs.front())) {
    patch_.removed = offer.takes;
    const graph::Node& last = graph_.node(patch_.removed.back());
    result_ = std::string(graph_.value(last.outputs[0]).name);
    label_ = node_.view.name.empty() ? result_ : std::string(node_.view.name);
  }

  void run() {
    const std::string a = activation();
    const std::string inner = bias();
    const bool add_after = operands_.addend != none && inner.empty();
    const std::string product = add_after || operands_.left ? fresh("product") : result_;
    if (ops_ == Ops::standard) {
      standard(a, inner, product);
    } else {
      const std::string& zero = store_.zero_point(weight_.as.encoding.kind);
      NewNode node{"DynamicQuantizeMatMul",
                   "com.microsoft",
                   std::string(node_.view.name),
                   {a, weight_.data, weight_.scale, zero},
                   {product},
                   {}};
      if (!inner.empty()) node.inputs.push_back(inner);
      patch_.nodes.push_back(std::move(node));
      overlay_.require_opset("com.microsoft", 1);
    }
    if (add_after) outer_addend(product);
    if (operands_.left) add("Transpose", {product}, {result_}, {{"perm", swapped()}});
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
    std::string a(graph_.value(operands_.activation).name);
    if (!operands_.transpose_a && !operands_.left) return a;
    std::string turned = fresh("transposed");
    add("Transpose", {a}, {turned}, {{"perm", swapped()}});
    return turned;
  }

  // The last two axes of the activation the other way round.
  [[nodiscard]] std::vector<std::int64_t> swapped() const {
    std::vector<std::int64_t> out;
    for (std::size_t a = 0; a < operands_.axes; ++a) out.push_back(static_cast<std::int64_t>(a));
    std::swap(out[operands_.axes - 2], out[operands_.axes - 1]);
    return out;
  }

  // The addend as a constant [N], "" when it is not one: reused as it is, or a new one (scaled by
  // beta, spread out).
  std::string bias() {
    const graph::Constant* constant = inner_bias(graph_, operands_);
    if (constant == nullptr) return "";
    const onnx::TensorView& tensor = constant->tensor;
    if (tensor.dims == std::vector<std::int64_t>{operands_.columns()} && operands_.beta == 1) {
      return std::string(graph_.value(operands_.addend).name);
    }
    const auto columns = static_cast<std::uint64_t>(operands_.columns());
    const onnx::Bytes elements = graph_.elements(*constant);
    std::string bytes(columns * 4, '\0');
    for (std::uint64_t n = 0; n < columns; ++n) {
      float c = 0;
      std::memcpy(&c, elements.data() + (tensor.elements == 1 ? 0 : 4 * n), 4);
      c *= operands_.beta;
      std::memcpy(bytes.data() + 4 * n, &c, 4);
    }
    std::string name = fresh("bias");
    overlay_.add_filled({name, node_.scope, base::ElementType::float32, {operands_.columns()}},
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
    if (weight_.as.encoding.kind == quant::Kind::uint8)
      inputs.push_back(store_.zero_point(quant::Kind::uint8));
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
  Ops ops_;
  MatMulOperands operands_;
  Stored weight_;
  graph::Patch patch_;
  std::string result_;
  std::string label_;
};

void write(WeightStore& store, const Offer& offer) {
  Refusal unused;
  Writer(store, offer, *matmul_operands(store.survey(), offer.at, unused)).run();
}

}  // namespace

const Form dynamic_matmul = {
    "dynamic_matmul", "MatMul and Gemm computed in INT8, the activation quantized as it arrives.",
    offer, gain, write};

}  // namespace octet::forms
