// A session from wherever a model comes from.
#pragma once

#include <memory>

#include "graph/graph.hpp"
#include "octet/error.hpp"
#include "octet/model_source.hpp"
#include "runtime/session.hpp"

namespace octet::api {

// Throws Error{invalid_model} with the byte and the field when the model is malformed, and
// Error{runtime_failed} when ONNX Runtime refuses it for another reason. Bytes are only read during
// the call.
[[nodiscard]] inline runtime::Session open_session(
    const std::shared_ptr<const runtime::Library>& library, const octet::ModelSource& model,
    runtime::SessionOptions options) {
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

}  // namespace octet::api
