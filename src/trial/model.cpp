#include "trial/model.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "graph/input_dims.hpp"
#include "graph/input_hints.hpp"
#include "octet/error.hpp"

namespace octet::trial {
namespace {

// What exporters write for an axis they know nothing of: two such axes are not one size.
constexpr std::array<std::string_view, 4> no_names = {"?", "None", "-1", "unknown"};

std::vector<base::Port> without_empty_names(std::vector<base::Port> ports) {
  for (base::Port& port : ports) {
    for (std::string& symbol : port.symbols) {
      if (std::ranges::find(no_names, symbol) != no_names.end()) symbol.clear();
    }
  }
  return ports;
}

void want_sizes(const graph::Graph& graph, std::vector<base::Port>& ports) {
  for (const graph::InputDims& input : graph::input_dims(graph)) {
    const auto port = std::ranges::find(ports, input.name, &base::Port::name);
    if (port == ports.end() || port->dims.size() != input.demanded.size()) continue;
    for (const graph::Dim& dim : input.demanded) port->wanted.push_back(dim.size.value_or(-1));
    // A vector whose length is certain has no rows.
    if (port->dims.size() == 1 && port->dims[0] < 0) port->dims[0] = port->wanted[0];
  }
}

}  // namespace

runtime::Session open_session(const std::shared_ptr<const runtime::Library>& library,
                              const octet::ModelSource& model, runtime::SessionOptions options) {
  if (options.label.empty()) options.label = model.label();
  try {
    if (const auto* path = model.path())
      return runtime::Session::from_file(library, *path, options);
    return runtime::Session::from_bytes(library, model.bytes(), options);
  } catch (const Error&) {
    (void)graph::Graph::import(model);  // knows where a malformed file is wrong
    throw;
  }
}

std::vector<base::Port> model_inputs(const runtime::Session& session) {
  return without_empty_names(session.inputs());
}

std::vector<base::Port> model_inputs(const graph::Graph& graph, const runtime::Session& session) {
  std::vector<base::Port> ports = model_inputs(session);
  for (const graph::InputHint& hint : graph::input_hints(graph)) {
    const auto port = std::ranges::find(ports, hint.name, &base::Port::name);
    if (port == ports.end()) continue;
    port->low = hint.low;
    port->high = hint.high;
    port->values = hint.values;
  }
  want_sizes(graph, ports);
  return ports;
}

std::vector<base::Port> model_inputs(const octet::ModelSource& model,
                                     const runtime::Session& session) {
  try {
    return model_inputs(graph::Graph::import(model), session);
  } catch (const Error&) {
    return model_inputs(session);  // ONNX Runtime has loaded it
  }
}

std::uint64_t model_bytes(const octet::ModelSource& model) {
  if (model.path() == nullptr) return model.bytes().size();
  return graph::Graph::import(model).total_bytes();
}

}  // namespace octet::trial
