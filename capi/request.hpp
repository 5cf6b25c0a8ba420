// A request of the C API as what the library takes.
#pragma once

#include <string_view>
#include <vector>

#include "octet.h"
#include "octet/data.hpp"
#include "octet/model_source.hpp"
#include "octet/progress.hpp"

namespace octet::capi {

// A request as this library knows it: fields that the caller's struct_size does not reach are zero.
// Throws Error{invalid_argument} for NULL and for a size that no version has had.
[[nodiscard]] octet_request known(const octet_request* request);

// Borrows the bytes. Throws Error{invalid_argument} that begins with `role` where there is neither
// path nor bytes.
[[nodiscard]] ModelSource source(const octet_model& model, std::string_view role);

// Copies of the tensors. Throws Error{invalid_argument} for pointers that are missing.
[[nodiscard]] std::vector<Array> arrays(const octet_tensor* tensors, std::size_t count);

// Asks the request's function and its stop flag; empty where it has neither.
[[nodiscard]] ProgressCallback progress(const octet_request& request);

[[nodiscard]] inline std::string_view options(const octet_request& request) {
  return request.options == nullptr ? std::string_view{} : request.options;
}

}  // namespace octet::capi
