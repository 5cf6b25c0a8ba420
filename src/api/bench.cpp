#include "octet/bench.hpp"

#include "graph/model_files.hpp"
#include "trial/bench.hpp"

namespace octet {

BenchReport bench(const ModelSource& baseline, const ModelSource& candidate,
                  const BenchOptions& options) {
  const graph::HeldStill held({&baseline, &candidate});
  BenchReport report = trial::bench(baseline, candidate, options);
  held.verify();
  return report;
}

}  // namespace octet
