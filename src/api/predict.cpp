#include "octet/predict.hpp"

#include "graph/model_files.hpp"
#include "trial/predict.hpp"

namespace octet {

std::vector<Prediction> predict(const ModelSource& model, const PredictOptions& options) {
  const graph::HeldStill held({&model});
  std::vector<Prediction> out = trial::predict(model, options);
  held.verify();
  return out;
}

}  // namespace octet
