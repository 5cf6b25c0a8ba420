// A model as a trial sees it: opened on ONNX Runtime, with what its graph says of its inputs.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/port.hpp"
#include "graph/graph.hpp"
#include "octet/model_source.hpp"
#include "runtime/session.hpp"

namespace octet::trial {

// Throws Error{invalid_model} with the byte and the field when the model is malformed, and
// Error{runtime_failed} when ONNX Runtime refuses it for another reason. Bytes are only read during
// the call.
[[nodiscard]] runtime::Session open_session(const std::shared_ptr<const runtime::Library>& library,
                                            const octet::ModelSource& model,
                                            runtime::SessionOptions options);

// What the session must be fed with, in order, with bounds from the graph. Names of dimensions that
// name nothing ("?", "None") are left out. A model that cannot be read as a graph gives no bounds.
[[nodiscard]] std::vector<base::Port> model_inputs(const octet::ModelSource& model,
                                                   const runtime::Session& session);
[[nodiscard]] std::vector<base::Port> model_inputs(const graph::Graph& graph,
                                                   const runtime::Session& session);
[[nodiscard]] std::vector<base::Port> model_inputs(const runtime::Session& session);  // no bounds

// Size of the model's file and of the data files it points to; of the bytes, for bytes.
[[nodiscard]] std::uint64_t model_bytes(const octet::ModelSource& model);

}  // namespace octet::trial
