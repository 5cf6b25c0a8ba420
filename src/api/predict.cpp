#include "octet/predict.hpp"

#include "data/arrays.hpp"
#include "export/trained_model.hpp"
#include "graph/model_files.hpp"
#include "trial/predict.hpp"

namespace octet {

std::vector<Prediction> predict(const ModelSource& model, const PredictOptions& options) {
  if (exporting::is_trained(model)) {
    std::vector<Prediction> out;
    exporting::TrainedAnswers answers = exporting::predict_trained(model, options.data);
    for (base::NamedTensor& output : answers.outputs)
      out.push_back(data::to_array(std::move(output)));
    return out;
  }
  const graph::HeldStill held({&model});
  std::vector<Prediction> out = trial::predict(model, options);
  held.verify();
  return out;
}

}  // namespace octet
