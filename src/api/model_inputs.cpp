#include "api/model_inputs.hpp"

#include "graph/input_hints.hpp"
#include "octet/error.hpp"

namespace octet::api {
namespace {

std::vector<data::InputSpec> join(const std::vector<runtime::Port>& ports,
                                  const std::vector<graph::InputHint>& hints) {
  std::vector<data::InputSpec> specs;
  for (const runtime::Port& port : ports) {
    data::InputSpec spec;
    spec.name = port.name;
    spec.type = port.type;
    spec.dims = port.dims;
    spec.symbols = port.symbols;
    for (const graph::InputHint& hint : hints) {
      if (hint.name != port.name) continue;
      spec.low = hint.low;
      spec.high = hint.high;
    }
    specs.push_back(std::move(spec));
  }
  return specs;
}

}  // namespace

std::vector<data::InputSpec> model_inputs(const graph::Graph& graph,
                                          const std::vector<runtime::Port>& ports) {
  return join(ports, graph::input_hints(graph));
}

std::vector<data::InputSpec> model_inputs(const octet::ModelSource& model,
                                          const std::vector<runtime::Port>& ports) {
  try {
    return model_inputs(graph::Graph::import(model), ports);
  } catch (const Error&) {
    return join(ports, {});  // ONNX Runtime has loaded it; only the bounds are unknown
  }
}

std::uint64_t model_bytes(const octet::ModelSource& model) {
  if (model.path() == nullptr) return model.bytes().size();
  return graph::Graph::import(model).total_bytes();
}

}  // namespace octet::api
