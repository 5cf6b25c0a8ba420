#include "plan/accounting.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>

#include "forms/form.hpp"
#include "octet/parity.hpp"

namespace octet::plan {
namespace {

bool is_tree(const onnx::NodeView& view) {
  return view.domain == "ai.onnx.ml" && view.op_type.find("TreeEnsemble") != std::string_view::npos;
}

// Operators that only exist in models somebody has quantized already.
bool is_integer_op(std::string_view op) {
  constexpr std::array<std::string_view, 12> ops = {"MatMulInteger",
                                                    "ConvInteger",
                                                    "QLinearMatMul",
                                                    "QLinearConv",
                                                    "DequantizeLinear",
                                                    "DynamicQuantizeMatMul",
                                                    "MatMulIntegerToFloat",
                                                    "MatMulNBits",
                                                    "DynamicQuantizeLSTM",
                                                    "QAttention",
                                                    "QGemm",
                                                    "GatherBlockQuantized"};
  return std::find(ops.begin(), ops.end(), op) != ops.end();
}

// A weight that somebody stored as integers, whatever gives the float back: Cast and Mul, or rows
// that are gathered first.
bool is_integer_weight(const graph::Constant& constant) {
  constexpr std::uint64_t least_bytes = 1024;
  const onnx::TensorView& tensor = constant.tensor;
  return tensor.type == base::ElementType::int8 && tensor.size_bytes() >= least_bytes;
}

// Operators that keep their weights in attributes.
bool is_linear(const onnx::NodeView& view) {
  return view.domain == "ai.onnx.ml" &&
         (view.op_type.starts_with("Linear") || view.op_type.starts_with("SVM"));
}

// What octet export wrote into the model's metadata_props of why rounding moves its answers far; ""
// where there is nothing.
std::string sensitivity_of(const graph::Graph& graph) {
  constexpr std::uint32_t metadata_props = 14;  // of ModelProto, a StringStringEntryProto
  const onnx::Origin origin{graph.label(), graph.bytes().data()};
  onnx::Reader model(graph.bytes(), origin, "ModelProto");
  while (const auto field = model.next()) {
    if (field->number != metadata_props) continue;
    onnx::Reader entry(field->payload, origin, "StringStringEntryProto");
    bool is_it = false;
    std::string value;
    while (const auto part = entry.next()) {
      if (part->number == 1) is_it = part->text() == "octet.sensitivity";
      if (part->number == 2) value = part->text();
    }
    if (is_it) return value;
  }
  return "";
}

struct Contents {
  bool trees = false;
  std::string_view linear;  // an ai.onnx.ml operator with weights in attributes, "" for none
  bool quantized = false;
  bool made_weights = false;  // ConstantOfShape where weights are expected
};

Contents contents_of(const graph::Graph& graph) {
  Contents out;
  for (const graph::Node& node : graph.nodes()) {
    out.trees = out.trees || is_tree(node.view);
    if (is_linear(node.view)) out.linear = node.view.op_type;
    out.quantized = out.quantized || is_integer_op(node.view.op_type);
    out.made_weights = out.made_weights || node.view.op_type == "ConstantOfShape";
  }
  for (const graph::Constant& constant : graph.constants())
    out.quantized = out.quantized || is_integer_weight(constant);
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

// The floats that keep most of the model's weights from being quantized: "float16". "" when it is
// not their type that does.
std::string only_type(const octet::Plan& plan) {
  std::uint64_t all = 0;
  std::map<std::string, std::uint64_t> bytes;
  for (const octet::Decision& decision : plan.decisions) {
    for (const octet::WeightChoice& weight : decision.weights) {
      all += weight.bytes_before;
      const std::string& reason = weight.reason.empty() ? decision.reason : weight.reason;
      if (reason == "type") bytes[weight.type] += weight.bytes_before;
    }
  }
  for (const auto& [type, size] : bytes) {
    if (2 * size > all) return type;
  }
  return "";
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
  } else if (const std::string type = only_type(report.plan); !type.empty()) {
    reason = fmt::format(
        "its operators compute in {}, and some of them are of a domain nobody here knows; export "
        "the "
        "model in float32",
        type);
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
  return fmt::format(
      "nothing to quantize: {}; --allow-unchanged copies the model as it is, --ok-unchanged makes "
      "this no failure",
      reason);
}

std::string nothing_holds(const octet::QuantizeReport& report) {
  return fmt::format(
      "nothing was left to quantize: on {} its weights in INT8 or float16 take the answers too far "
      "from the float model's; give data with --data or other tolerances, or ship the float model",
      report.gate.parity ? report.gate.parity->data : "these inputs");
}

}  // namespace

void account(const graph::Graph& graph, const graph::Overlay& overlay, const graph::Layout& layout,
             octet::QuantizeReport& report) {
  report.bytes_before = graph.total_bytes();
  report.bytes_after = layout.model_bytes + layout.data_bytes;
  report.unchanged = overlay.empty();
  if (report.unchanged) {
    report.detail =
        report.gate.repaired.empty() ? nothing_to_quantize(graph, report) : nothing_holds(report);
  }

  const std::string sensitivity = report.unchanged ? "" : sensitivity_of(graph);
  if (!sensitivity.empty()) {
    report.warnings.push_back(
        fmt::format("{}; hold it against your own rows: octet parity --data", sensitivity));
  }
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

std::string gate_refusal(const octet::QuantizeReport& report, const std::string& plan_file) {
  const octet::ParityReport& parity = *report.gate.parity;
  std::string out = fmt::format("not written: on {} ", parity.data);
  for (const octet::OutputParity& output : parity.outputs) {
    if (output.passed) continue;
    out += fmt::format("output \"{}\" is too far from the float model's: {}", output.name,
                       output.failure);
    break;
  }
  out += fmt::format(" ({} plans tried)", report.gate.tried);
  if (!plan_file.empty()) out += fmt::format("; the nearest is in {}", plan_file);
  return out +
         "; give data with --data, other tolerances (--abs-tol, --min-sqnr), or more time with "
         "--repair-seconds; --keep-best writes it all the same";
}

}  // namespace octet::plan
