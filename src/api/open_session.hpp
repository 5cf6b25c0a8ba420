// A session from wherever a model comes from.
#pragma once

#include <memory>

#include "octet/model_source.hpp"
#include "runtime/session.hpp"

namespace octet::api {

// Throws Error{runtime_failed} when ONNX Runtime refuses the model. Bytes are only read during the
// call.
[[nodiscard]] inline runtime::Session open_session(
    const std::shared_ptr<const runtime::Library>& library, const octet::ModelSource& model,
    runtime::SessionOptions options) {
  if (options.label.empty()) options.label = model.label();
  if (const auto* path = model.path()) return runtime::Session::from_file(library, *path, options);
  return runtime::Session::from_bytes(library, model.bytes(), options);
}

}  // namespace octet::api
