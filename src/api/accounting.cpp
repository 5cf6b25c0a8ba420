#include "api/accounting.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>

#include "octet/parity.hpp"

namespace octet::api {
namespace {

bool is_tree(const onnx::NodeView& view) {
  return view.domain == "ai.onnx.ml" && view.op_type.find("TreeEnsemble") != std::string_view::npos;
}

// Operators that only exist in models somebody has quantized already.
bool is_integer_op(std::string_view op) {
  constexpr std::array<std::string_view, 9> ops = {
      "MatMulInteger",        "ConvInteger",      "QLinearMatMul",
      "QLinearConv",          "DequantizeLinear", "DynamicQuantizeMatMul",
      "MatMulIntegerToFloat", "MatMulNBits",      "DynamicQuantizeLSTM"};
  return std::find(ops.begin(), ops.end(), op) != ops.end();
}

// Operators that keep their weights in attributes.
bool is_linear(const onnx::NodeView& view) {
  return view.domain == "ai.onnx.ml" &&
         (view.op_type.starts_with("Linear") || view.op_type.starts_with("SVM"));
}

struct Contents {
  bool trees = false;
  std::string_view linear;  // an ai.onnx.ml operator with weights in attributes, "" for none
  bool quantized = false;
  bool made_weights = false;  // ConstantOfShape where weights are expected
  bool half = false;          // float16 or bfloat16 weights
};

Contents contents_of(const graph::Graph& graph) {
  Contents out;
  for (const graph::Node& node : graph.nodes()) {
    out.trees = out.trees || is_tree(node.view);
    if (is_linear(node.view)) out.linear = node.view.op_type;
    out.quantized = out.quantized || is_integer_op(node.view.op_type);
    out.made_weights = out.made_weights || node.view.op_type == "ConstantOfShape";
  }
  for (const graph::Constant& constant : graph.constants()) {
    const base::ElementType type = constant.tensor.type;
    out.half =
        out.half || type == base::ElementType::float16 || type == base::ElementType::bfloat16;
  }
  return out;
}

// Weights are computed while the model runs, and the others are too small to matter.
bool computed_weights(const octet::Plan& plan) {
  const auto is = [](const char* reason) {
    return [reason](const octet::Decision& decision) { return decision.reason == reason; };
  };
  const auto& decisions = plan.decisions;
  const auto computed = std::count_if(decisions.begin(), decisions.end(), is("not_constant"));
  const auto tiny = std::count_if(decisions.begin(), decisions.end(), is("tiny"));
  return computed > 0 && computed + tiny == std::ssize(decisions);
}

// Why there is nothing to do, and what to do instead.
std::string nothing_to_quantize(const graph::Graph& graph, const octet::QuantizeReport& report) {
  const Contents contents = contents_of(graph);
  std::string reason;
  if (contents.trees) {
    reason =
        "the model is a tree ensemble: trees compare thresholds, they multiply no weights, and "
        "INT8 would not make "
        "them faster; ship the float model";
  } else if (contents.quantized) {
    reason = "the model is quantized already; start from the float model";
  } else if (contents.half && report.weight_bytes_before == 0) {
    reason =
        "its weights are 16-bit floats, which this version does not quantize; export the model in "
        "float32";
  } else if (contents.made_weights && computed_weights(report.plan)) {
    reason =
        "its weights are made by ConstantOfShape nodes while it runs; the file holds none worth "
        "storing small";
  } else if (report.weight_bytes_before == 0 && !contents.linear.empty()) {
    reason = fmt::format(
        "its weights are attributes of {}, which knows only floats; ship the float model",
        contents.linear);
  } else if (report.weight_bytes_before == 0) {
    reason = "it holds no float weights";
  } else {
    std::map<std::string, int> reasons;
    for (const octet::Decision& decision : report.plan.decisions) ++reasons[decision.reason];
    std::string list;
    for (const auto& [name, count] : reasons)
      list += fmt::format("{}{} {}", list.empty() ? "" : ", ", count, name);
    reason = fmt::format("every weight stays float ({}); `octet inspect` tells more", list);
  }
  return fmt::format("nothing to quantize: {}; --allow-unchanged copies the model as it is",
                     reason);
}

}  // namespace

void account(const graph::Graph& graph, const graph::Overlay& overlay, const graph::Layout& layout,
             octet::QuantizeReport& report) {
  report.bytes_before = graph.total_bytes();
  report.bytes_after = layout.model_bytes + layout.data_bytes;
  for (const octet::Decision& decision : report.plan.decisions) {
    report.weight_bytes_before += decision.bytes_before;
    report.weight_bytes_after += decision.bytes_after;
  }
  report.unchanged = overlay.empty();
  if (report.unchanged) report.detail = nothing_to_quantize(graph, report);

  const Contents contents = contents_of(graph);
  if (!report.unchanged && contents.quantized) {
    report.warnings.emplace_back(
        "parts of this model are quantized already; they were left as they are");
  }
  for (graph::ConstantId id = 0; id < graph.constants().size(); ++id) {
    const graph::Constant& constant = graph.constant(id);
    if (!constant.is_graph_input || constant.scope != 0 || !overlay.is_dropped(id)) continue;
    if (graph.model().ir_version < 4) continue;  // no caller can override it there
    report.warnings.push_back(
        fmt::format("\"{}\" was an input with a default value; it is a fixed INT8 weight now and "
                    "cannot be fed any more",
                    constant.tensor.name));
    break;
  }
}

void advise(octet::QuantizeReport& report) {
  const double difference = report.proof.max_abs_diff.value_or(0);
  const bool stored_int8 = std::any_of(
      report.plan.decisions.begin(), report.plan.decisions.end(), [](const octet::Decision& d) {
        return d.form == "folded" && (d.storage == "int8" || d.storage == "uint8");
      });
  if (difference <= octet::ParityOptions{}.abs_tol || !stored_int8) return;
  report.warnings.push_back(fmt::format(
      "the answers differ by up to {:.3g} on the inputs of the proof; --storage float16 "
      "keeps weights that are only stored about thirty times closer",
      difference));
}

}  // namespace octet::api
