// A table that is only looked up: int8 rows and a scale per row are gathered, then multiplied. The
// table itself is never turned back into floats: a lookup touches the rows it asks for.
#include <fmt/format.h>

#include "forms/cost_rules.hpp"
#include "forms/form.hpp"

namespace octet::forms {
namespace {

using graph::none;

constexpr std::int64_t needed_opset = 7;  // Mul broadcasts as in numpy

std::optional<Refusal> check(const graph::Graph& graph, const Site& site,
                             const octet::Decision& /*decision*/) {
  const graph::Node& node = graph.node(site.node);
  if (!node.view.is("Gather") || site.slot != 0)
    return Refusal{"op", "only Gather reads a table row by row"};
  if (site.constant == none)
    return Refusal{"not_constant", "the table is computed while the model runs"};
  if (graph.scope(node.scope).kind == graph::Scope::Kind::function) {
    return Refusal{"in_function", "nodes inside model-local functions stay as they are"};
  }
  if (node.inputs.size() != 2 || node.inputs[1] == none || node.outputs.size() != 1 ||
      node.outputs[0] == none) {
    return Refusal{"op", "the Gather is incomplete"};
  }
  const onnx::TensorView& table = graph.constant(site.constant).tensor;
  const std::int64_t axis = node.view.integer("axis", 0);
  if (table.dims.size() != 2) return Refusal{"rank", "the table does not have two axes"};
  if (axis != 0 && axis != -2) return Refusal{"axis", "the Gather picks columns, not rows"};
  if (graph.model().opset("") < needed_opset) {
    return Refusal{
        "opset", fmt::format("opset {} has no broadcasting Mul (7 has)", graph.model().opset(""))};
  }
  return std::nullopt;
}

std::optional<Refusal> consider(const graph::Graph& graph, const Site& site, const Wishes& wishes,
                                octet::Decision& decision) {
  if (auto refusal = check(graph, site, decision)) return refusal;
  const onnx::TensorView& table = graph.constant(site.constant).tensor;
  if (wishes.storage == "float32")
    return Refusal{"storage", "weights of float arithmetic keep float storage on request"};
  if (wishes.storage == "float16") return Refusal{"storage", "float16 storage was asked for"};
  if (table.dims[1] < cost::min_row_length) {
    return Refusal{"narrow", fmt::format("rows of {}, a scale per row pays from {}", table.dims[1],
                                         cost::min_row_length)};
  }
  if (table.size_bytes() < cost::min_table_bytes) {
    return Refusal{"small", fmt::format("{} bytes, three more nodes a lookup pay from {}",
                                        table.size_bytes(), cost::min_table_bytes)};
  }
  if (wishes.int8_products < cost::min_products_per_column * wishes.table_columns) {
    return Refusal{"small", "too few INT8 products in this model to pay for three nodes a lookup"};
  }
  decision.form = "embedding_rows";
  decision.storage = "int8";
  decision.granularity = "per_channel";
  decision.range = "full";
  decision.ops = "standard";
  decision.reason = "table";
  decision.detail = fmt::format("{} rows of {}, a scale each", table.dims[0], table.dims[1]);
  return std::nullopt;
}

Storage storage(const graph::Graph& /*graph*/, const Site& /*site*/,
                const octet::Decision& decision) {
  Storage out;
  out.range = decision.range;
  out.axis = 0;
  out.axis_end = 1;
  return out;
}

void apply(WeightStore& store, const Site& site, const octet::Decision& /*decision*/) {
  graph::Overlay& overlay = store.overlay();
  const graph::Graph& graph = overlay.graph();
  const graph::Node& node = graph.node(site.node);
  const Stored& table = store.get(site.constant);
  const std::string ids(graph.value(node.inputs[1]).name);
  const std::string result(graph.value(node.outputs[0]).name);
  const std::string label = node.view.name.empty() ? result : std::string(node.view.name);
  const auto fresh = [&](std::string_view what) {
    return overlay.fresh_name(fmt::format("{}_{}", label, what));
  };

  const std::string rows = fresh("rows");
  const std::string scales = fresh("row_scales");
  const std::string floats = fresh("float_rows");
  graph::Patch patch;
  patch.removed = {site.node};
  const std::vector<graph::NewAttribute> axis = {{"axis", std::int64_t{0}}};
  patch.nodes.push_back(
      {"Gather", "", std::string(node.view.name), {table.data, ids}, {rows}, axis});
  patch.nodes.push_back({"Gather", "", fresh("scales_Gather"), {table.scale, ids}, {scales}, axis});
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

const Form embedding_rows = {
    "embedding_rows", "A table that Gather reads: int8 rows with a scale per row.",
    consider,         check,
    storage,          apply};

}  // namespace octet::forms
