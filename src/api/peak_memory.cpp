#include "octet/bench.hpp"
#include "trial/memory.hpp"

namespace octet {

std::uint64_t peak_memory(const ModelSource& model, const DataOptions& data,
                          const RuntimeOptions& runtime) {
  return trial::peak_memory(model, data, runtime);
}

}  // namespace octet
