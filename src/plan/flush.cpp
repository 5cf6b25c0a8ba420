#include "plan/flush.hpp"

#include "graph/subnormals.hpp"

namespace octet::plan {

SubnormalWeights find_subnormals(const graph::Overlay& overlay) {
  const graph::Graph& graph = overlay.graph();
  SubnormalWeights out;
  for (graph::ConstantId id = 0; id < graph.constants().size(); ++id) {
    const graph::Constant& constant = graph.constant(id);
    if (overlay.is_dropped(id) || constant.is_graph_input || !overlay.is_read(constant.value) ||
        graph.scope(constant.scope).kind == graph::Scope::Kind::function)
      continue;
    const std::uint64_t found = graph::count_subnormals(graph, constant);
    if (found == 0) continue;
    out.count += found;
    out.constants.push_back(id);
  }
  return out;
}

void flush(const SubnormalWeights& found, graph::Overlay& overlay) {
  const graph::Graph& graph = overlay.graph();
  for (const graph::ConstantId id : found.constants) {
    const graph::Constant& constant = graph.constant(id);
    graph::NewTensor tensor;
    tensor.name = std::string(graph.value(constant.value).name);
    tensor.scope = constant.scope;
    tensor.type = base::ElementType::float32;
    tensor.dims = constant.tensor.dims;
    overlay.drop(id);
    graph::Fill fill;
    fill.tensors = {overlay.add_tensor(std::move(tensor))};
    fill.source = graph.elements(constant);
    fill.run = [source = fill.source](std::size_t, std::span<const std::span<std::byte>> out) {
      graph::copy_flushed(source, out[0]);
    };
    overlay.add_fill(std::move(fill));
  }
}

}  // namespace octet::plan
