#include "octet/error.hpp"
#include "octet/runtime.hpp"
#include "runtime/session.hpp"

namespace octet {

RuntimeInfo runtime_info(const RuntimeOptions& options) {
  try {
    return runtime::describe(*runtime::load_library(options));
  } catch (const Error& error) {
    RuntimeInfo info;
    info.problem = error.what();
    return info;
  }
}

}  // namespace octet
