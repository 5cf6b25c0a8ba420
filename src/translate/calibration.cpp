// CalibratedClassifierCV: scores of a model through a curve for each class.
#include <fmt/format.h>

#include "translate/translator.hpp"

namespace octet::translate {
namespace {

using steps::Apply;

ValueId curve(Translator& t, const Estimator& e, ValueId score) {
  Builder& b = t.build();
  if (e.name() == "_SigmoidCalibration") {
    const ValueId x = b.plus(b.times(score, e.number("a_")), e.number("b_"));
    return b.apply(Apply::Function::sigmoid, b.negate(x));
  }
  if (e.name() != "IsotonicRegression") e.refuse("this calibration is not supported");
  const bool is_new = e.find("X_thresholds_") != no_ref;
  steps::Interpolate line;
  line.x = e.numbers(is_new ? "X_thresholds_" : "_necessary_X_");
  line.y = e.numbers(is_new ? "y_thresholds_" : "_necessary_y_");
  if (line.x.empty() || line.x.size() != line.y.size()) e.damaged("its curve has no points");
  for (std::size_t i = 1; i < line.x.size(); ++i) {
    if (!(line.x[i] > line.x[i - 1])) e.damaged("the points of its curve do not ascend");
  }
  return b.interpolate(score, std::move(line));
}

ValueId scores_of(Translator& t, const Estimator& e, const Prediction& model, std::size_t classes) {
  Builder& b = t.build();
  if (model.decision) return *model.decision;
  if (!model.probabilities) e.refuse("its model gives neither a decision nor probabilities");
  return classes == 2 ? b.column(*model.probabilities, 1) : *model.probabilities;
}

ValueId calibrated(Translator& t, const Estimator& e, const Frame& frame, std::size_t classes) {
  Builder& b = t.build();
  const char* const model_key = e.has("estimator") ? "estimator" : "base_estimator";
  const char* const curves_key = e.has("calibrators") ? "calibrators" : "calibrators_";
  const Prediction model =
      t.predict(e.need(model_key), frame, fmt::format("{} {}", e.place(), model_key));
  const ValueId scores = scores_of(t, e, model, classes);
  const std::vector<Ref> curves = e.items(curves_key);
  if (curves.size() != b.width(scores)) e.damaged("its curves do not fit its classes");
  std::vector<ValueId> parts;
  for (std::uint32_t i = 0; i < curves.size(); ++i) {
    const Estimator one(e.records(), curves[i], fmt::format("{} {}[{}]", e.place(), curves_key, i));
    parts.push_back(curve(t, one, b.column(scores, i)));
  }
  if (parts.size() == 1) return b.both(parts[0]);
  return b.normalized(b.concat(std::move(parts)), 1.0 / static_cast<double>(classes));
}

Prediction classifier(Translator& t, const Estimator& e, const Frame& frame) {
  Builder& b = t.build();
  steps::Labels labels = labels_of(e, e.need("classes_"));
  const std::vector<Ref> models = e.items("calibrated_classifiers_");
  std::optional<ValueId> sum;
  for (std::size_t i = 0; i < models.size(); ++i) {
    const Estimator one(e.records(), models[i],
                        fmt::format("{} calibrated_classifiers_[{}]", e.place(), i));
    const ValueId p = calibrated(t, one, frame, labels.size());
    sum = sum ? b.add(*sum, p) : p;
  }
  if (!sum) e.damaged("has no models");
  return by_probabilities(t, std::move(labels),
                          b.divide(*sum, b.constant(static_cast<double>(models.size()))));
}

}  // namespace

void add_calibration(PredictTable& table) {
  table["CalibratedClassifierCV"] = classifier;
}

}  // namespace octet::translate
