#include "forms/products.hpp"

#include <fmt/format.h>

namespace octet::forms {

std::optional<quant::Encoding> product_encoding(const Survey& survey, graph::NodeId id,
                                                std::uint32_t slot, const Choice& choice,
                                                Refusal& why) {
  const graph::Graph& graph = survey.graph();
  const auto refuse = [&](std::string reason, std::string detail) {
    why = {std::move(reason), std::move(detail)};
    return std::nullopt;
  };
  if (graph.scope(graph.node(id).scope).kind == graph::Scope::Kind::function)
    return refuse("in_function", "nodes inside model-local functions stay as they are");
  const base::ElementType stored = survey.place(id, slot)->source.seen;
  if (stored != base::ElementType::float32) {
    return refuse("type", fmt::format("{} weights are not quantized by this version; export the "
                                      "model in float32",
                                      base::element_name(stored)));
  }
  if (choice.ops == Ops::none) return refuse("ops", "it needs operators: contrib or standard");
  const std::int64_t opset = graph.model().opset("");
  if (choice.ops == Ops::standard && opset < quantizing_opset)
    return refuse("opset", fmt::format("opset {} has no DynamicQuantizeLinear (11 has)", opset));
  const quant::Encoding encoding = choice.of(slot, choice.products);
  if (!quant::is_integer(encoding)) {
    return refuse("storage",
                  fmt::format("storage \"{}\" cannot be computed with; int8 or uint8 can",
                              quant::name(encoding.kind)));
  }
  if (auto fault = quant::contradiction(encoding)) return refuse("storage", *fault);
  return encoding;
}

}  // namespace octet::forms
