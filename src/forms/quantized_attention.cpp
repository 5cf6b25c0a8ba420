// Attention, as ONNX Runtime's optimizer writes it into models: its one constant weight, which
// makes query, key and value, multiplied in INT8 by com.microsoft.QAttention. What comes in is
// quantized first; everything behind the product stays float, as in the original.
//
// QAttention knows less than Attention: no attention bias, no sizes of its own for the values, no
// scale but the usual one, and here no past. Such a node stays, its weight stored small. With a
// scale per column it answers right from ONNX Runtime 1.14 to 1.30 (run on 1.14.1, 1.15.1, 1.16.3,
// 1.18.1, 1.20.1, 1.22.1, 1.24.3, 1.26.0 and 1.30.0, with every kind of mask).
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "forms/emitter.hpp"
#include "forms/form.hpp"
#include "forms/weight_store.hpp"

namespace octet::forms {
namespace {

using graph::none;

constexpr std::int64_t quantizing_opset = 11;  // DynamicQuantizeLinear
enum Slot : std::uint32_t { x, w, b, mask };

bool is_attention(const onnx::NodeView& node) {
  return node.domain == "com.microsoft" && node.op_type == "Attention";
}

// What it says that QAttention cannot be told; "" when nothing.
std::string_view too_much(const graph::Node& node) {
  constexpr std::array known = {std::string_view("num_heads"), std::string_view("unidirectional"),
                                std::string_view("mask_filter_value")};
  for (const onnx::AttributeView& attribute : node.view.attributes) {
    const bool says_nothing = attribute.name == "scale" && attribute.f.value_or(0) == 0;
    const bool off =
        (attribute.name == "do_rotary" || attribute.name == "past_present_share_buffer") &&
        attribute.i.value_or(0) == 0;
    if (!says_nothing && !off &&
        std::find(known.begin(), known.end(), attribute.name) == known.end())
      return attribute.name;
  }
  for (std::size_t slot = mask + 1; slot < node.inputs.size(); ++slot) {
    if (node.inputs[slot] != none) return "an input QAttention does not have";
  }
  return node.outputs.size() == 1 && node.outputs[0] != none ? "" : "more than one output";
}

std::optional<Offer> offer(const Survey& survey, graph::NodeId id, const Choice& choice,
                           Refusal& why) {
  const graph::Graph& graph = survey.graph();
  const graph::Node& node = graph.node(id);
  const auto refuse = [&](std::string reason, std::string detail) {
    why = {std::move(reason), std::move(detail)};
    return std::nullopt;
  };
  const Place* place = survey.place(id, w);
  if (!is_attention(node.view) || place == nullptr) {
    why = not_my_operator("only Attention is computed so");
    return std::nullopt;
  }
  if (place->source.constant == none)
    return refuse("not_constant", "the weight is computed while the model runs");
  if (graph.scope(node.scope).kind == graph::Scope::Kind::function)
    return refuse("in_function", "nodes inside model-local functions stay as they are");
  if (place->source.seen != base::ElementType::float32)
    return refuse("type", "it computes in another type than float32");
  if (place->source.view.dims.size() != 2 || graph.input(id, x) == none)
    return refuse("rank", "the weight does not have two axes");
  if (const std::string_view what = too_much(node); !what.empty())
    return refuse("attention", fmt::format("{}: the INT8 operator knows no such thing", what));
  if (choice.ops != Ops::contrib)
    return refuse("ops", "ai.onnx has no attention of integers; --ops contrib has");
  if (graph.model().opset("") < quantizing_opset)
    return refuse("opset", fmt::format("opset {} has no DynamicQuantizeLinear (11 has)",
                                       graph.model().opset("")));
  const quant::Encoding encoding = choice.of(w, choice.products);
  if (!quant::is_integer(encoding))
    return refuse("storage",
                  fmt::format("storage \"{}\" cannot be computed with; int8 or uint8 can",
                              quant::name(encoding.kind)));
  if (auto fault = quant::contradiction(encoding)) return refuse("storage", *fault);
  Offer out;
  out.at = id;
  out.takes = {id};
  out.needs = {{.slot = w,
                .constant = place->source.constant,
                .view = place->source.view,
                .axes = {1, 2},
                .encoding = encoding,
                .multiplied = true}};
  out.ops = Ops::contrib;
  out.reason = "fast";
  out.detail = fmt::format("{}x{} INT8 products for query, key and value",
                           place->source.view.dims[0], place->source.view.dims[1]);
  return out;
}

Gain gain(const Survey& survey, const Offer& offer, const cost::Costs& costs,
          std::int64_t unknown) {
  const View& weight = offer.needs.front().view;
  const std::int64_t known = survey.rows(survey.graph().input(offer.at, x));
  const cost::Estimate estimate = costs.product({weight.dims[0], weight.dims[1], known});
  Gain out;
  out.ns = costs.product({weight.dims[0], weight.dims[1], known == 0 ? unknown : known}).gain_ns();
  if (estimate.pays()) return out;
  out.loss = Refusal{"small", fmt::format("{}x{}: INT8 would take {:.2f} of float's time",
                                          weight.dims[0], weight.dims[1], estimate.ratio())};
  return out;
}

void write(WeightStore& store, const Offer& offer) {
  graph::Overlay& overlay = store.overlay();
  const graph::Graph& graph = overlay.graph();
  const graph::Node& node = graph.node(offer.at);
  const Stored weight = store.get(offer.needs.front());
  const std::string result(graph.value(node.outputs[0]).name);
  Emitter emitter(overlay, node.scope,
                  node.view.name.empty() ? result : std::string(node.view.name));
  const auto input = [&](std::uint32_t slot) {
    const graph::ValueId value = graph.input(offer.at, slot);
    return value == none ? std::string() : std::string(graph.value(value).name);
  };
  std::string bias = input(b);
  if (bias.empty()) {
    const auto columns = static_cast<std::size_t>(offer.needs.front().view.dims[1]);
    bias = emitter.floats("bias", std::vector<float>(columns, 0));
  }
  const std::string q = emitter.fresh("quantized");
  const std::string scale = emitter.fresh("scale");
  const std::string zero = emitter.fresh("zero_point");
  emitter.add({"DynamicQuantizeLinear", "", "", {input(x)}, {q, scale, zero}, {}});
  graph::NewNode attention{"QAttention",
                           "com.microsoft",
                           std::string(node.view.name),
                           {q, weight.data, bias, scale, weight.scale, input(mask), zero,
                            store.zero_point(weight.as.encoding.kind)},
                           {result},
                           {}};
  for (const onnx::AttributeView& attribute : node.view.attributes) {
    if (attribute.name == "num_heads" || attribute.name == "unidirectional" ||
        attribute.name == "mask_filter_value")
      attention.kept_attributes.push_back(attribute.message);
  }
  emitter.add(std::move(attention));
  emitter.apply(offer.takes);
}

}  // namespace

const Form quantized_attention = {
    "quantized_attention",
    "Attention whose query, key and value are computed in INT8, quantized as they arrive.", offer,
    gain, write};

}  // namespace octet::forms
