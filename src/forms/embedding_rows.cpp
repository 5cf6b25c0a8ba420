// A table that is only looked up: int8 rows and a scale per row are gathered, then multiplied. The
// table itself is never turned back into floats: a lookup touches the rows it asks for.
#include <fmt/format.h>

#include "forms/form.hpp"
#include "forms/weight_store.hpp"

namespace octet::forms {
namespace {

using graph::none;

constexpr std::int64_t needed_opset = 7;  // Mul broadcasts as in numpy
// Columns. Below, a row's 4-byte scale eats what its int8 elements save.
constexpr std::int64_t min_row_length = 16;
// Bytes of the table. Below, the memory saved is not worth three more nodes.
constexpr std::uint64_t min_table_bytes = 1024 * 1024;

std::optional<Offer> offer(const Survey& survey, graph::NodeId id, const Choice& choice,
                           Refusal& why) {
  const graph::Graph& graph = survey.graph();
  const graph::Node& node = graph.node(id);
  const auto refuse = [&](std::string reason, std::string detail) {
    why = {std::move(reason), std::move(detail)};
    return std::nullopt;
  };
  const Place* place = survey.place(id, 0);
  const bool whole = node.inputs.size() == 2 && node.inputs[1] != none &&
                     node.outputs.size() == 1 && node.outputs[0] != none;
  if (!node.view.is("Gather") || place == nullptr || !whole) {
    why = not_my_operator("only Gather reads a table row by row");
    return std::nullopt;
  }
  const View& table = place->source.view;
  const std::int64_t axis = node.view.integer("axis", 0);
  if (graph.scope(node.scope).kind == graph::Scope::Kind::function)
    return refuse("in_function", "nodes inside model-local functions stay as they are");
  if (place->source.seen != base::ElementType::float32) {
    return refuse("type", fmt::format("{} tables are not quantized by this version",
                                      base::element_name(place->source.seen)));
  }
  if (table.dims.size() != 2) return refuse("rank", "the table does not have two axes");
  if (axis != 0 && axis != -2) return refuse("axis", "the Gather picks columns, not rows");
  if (graph.model().opset("") < needed_opset) {
    return refuse("opset",
                  fmt::format("opset {} has no broadcasting Mul (7 has)", graph.model().opset("")));
  }
  if (choice.ops == Ops::none) return refuse("ops", "it needs operators: standard");
  const quant::Encoding encoding = choice.of(0, choice.tables);
  if (encoding.kind != quant::Kind::int8) {
    return refuse("storage", fmt::format("storage \"{}\" has no rows that are gathered; int8 has",
                                         quant::name(encoding.kind)));
  }
  if (auto fault = quant::contradiction(encoding)) return refuse("storage", *fault);
  Offer out;
  out.at = id;
  out.takes = {id};
  out.needs = {{.slot = 0,
                .constant = place->source.constant,
                .view = table,
                .axes = {0, 1},
                .encoding = encoding,
                .in_place = true}};
  out.ops = Ops::standard;  // all it emits is in ai.onnx
  out.reason = "table";
  out.detail = fmt::format(
      "{} rows of {}, {}", table.dims[0], table.dims[1],
      encoding.granularity == quant::Granularity::per_tensor ? "one scale" : "a scale each");
  return out;
}

Gain gain(const Survey& survey, const Offer& offer, const cost::Costs& costs,
          std::int64_t unknown) {
  const Need& table = offer.needs.front();
  const std::int64_t columns = table.view.dims[1];
  const std::uint64_t bytes = survey.graph().constant(table.constant).tensor.size_bytes();
  Gain out;
  if (columns < min_row_length) {
    out.loss = Refusal{
        "narrow", fmt::format("rows of {}, a scale per row pays from {}", columns, min_row_length)};
  } else if (bytes < min_table_bytes) {
    out.loss = Refusal{"small", fmt::format("{} bytes, three more nodes a lookup pay from {}",
                                            bytes, min_table_bytes)};
  }
  out.ns = costs.lookup({columns, unknown}).gain_ns();
  out.needs_paying = true;
  return out;
}

void write(WeightStore& store, const Offer& offer) {
  graph::Overlay& overlay = store.overlay();
  const graph::Graph& graph = overlay.graph();
  const graph::Node& node = graph.node(offer.at);
  const Stored table = store.get(offer.needs.front());
  const bool per_row = table.as.encoding.granularity == quant::Granularity::per_channel;
  const std::string ids(graph.value(node.inputs[1]).name);
  const std::string result(graph.value(node.outputs[0]).name);
  const std::string label = node.view.name.empty() ? result : std::string(node.view.name);
  const auto fresh = [&](std::string_view what) {
    return overlay.fresh_name(fmt::format("{}_{}", label, what));
  };

  const std::string rows = fresh("rows");
  const std::string scales = per_row ? fresh("row_scales") : table.scale;
  const std::string floats = fresh("float_rows");
  graph::Patch patch;
  patch.removed = {offer.at};
  const std::vector<graph::NewAttribute> axis = {{"axis", std::int64_t{0}}};
  patch.nodes.push_back(
      {"Gather", "", std::string(node.view.name), {table.data, ids}, {rows}, axis});
  if (per_row) {
    patch.nodes.push_back(
        {"Gather", "", fresh("scales_Gather"), {table.scale, ids}, {scales}, axis});
  }
  patch.nodes.push_back({"Cast",
                         "",
                         fresh("Cast"),
                         {rows},
                         {floats},
                         {{"to", static_cast<std::int64_t>(base::ElementType::float32)}}});
  patch.nodes.push_back({"Mul", "", fresh("Mul"), {floats, scales}, {result}, {}});
  overlay.apply(std::move(patch));
}

}  // namespace

const Form embedding_rows = {"embedding_rows",
                             "A table that Gather reads: int8 rows with a scale per row.", offer,
                             gain, write};

}  // namespace octet::forms
