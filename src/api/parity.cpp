#include "octet/parity.hpp"

#include "data/recorded_files.hpp"
#include "graph/model_files.hpp"
#include "trial/parity.hpp"

namespace octet {

ParityReport parity(const ModelSource& reference, const ModelSource& candidate,
                    const ParityOptions& options) {
  std::vector<const ModelSource*> models = {&candidate};
  if (!data::is_recorded(reference)) models.push_back(&reference);
  const graph::HeldStill held(models);
  ParityReport report = trial::parity(reference, candidate, options);
  held.verify();
  return report;
}

}  // namespace octet
