// k nearest neighbours, by all distances.
#include "translate/translator.hpp"

namespace octet::translate {
namespace {

using steps::Metric;

steps::Neighbours neighbours_of(const Estimator& e, const Frame& frame) {
  steps::Neighbours out;
  out.points = e.matrix("_fit_X");
  if (out.points.columns != frame.size()) e.damaged("_fit_X does not fit the columns");
  const std::string metric = e.text_or("effective_metric_", "");
  if (metric == "manhattan" || metric == "cityblock") {
    out.metric = Metric::manhattan;
  } else if (metric == "chebyshev") {
    out.metric = Metric::chebyshev;
  } else if (metric != "euclidean" && metric != "l2") {
    e.refuse("metric " + metric + " is not supported");
  }
  const auto weights = trained::text_of(e.records(), e.need("weights"));
  if (weights != "uniform" && weights != "distance") e.refuse("weights of its own");
  out.by_distance = weights == "distance";
  const double count = e.number("n_neighbors");
  if (!(count >= 1 && count <= static_cast<double>(out.points.rows)))
    e.damaged("n_neighbors is more than there are points");
  out.count = static_cast<std::uint32_t>(count);
  return out;
}

Prediction classifier(Translator& t, const Estimator& e, const Frame& frame) {
  if (e.flag("outputs_2d_")) e.refuse("several outputs");
  steps::Neighbours how = neighbours_of(e, frame);
  steps::Labels labels = labels_of(e, e.need("classes_"));
  const std::vector<double> y = e.numbers("_y");
  if (y.size() != how.points.rows) e.damaged("_y does not fit _fit_X");
  how.targets = {y.size(), labels.size(), std::vector<double>(y.size() * labels.size())};
  for (std::size_t i = 0; i < y.size(); ++i) {
    if (!(y[i] >= 0 && y[i] < static_cast<double>(labels.size())))
      e.damaged("_y names a class that is not there");
    how.targets.at(i, static_cast<std::size_t>(y[i])) = 1;
  }
  return by_probabilities(t, std::move(labels),
                          t.build().neighbours(t.numbers(e, frame), std::move(how)));
}

Prediction regressor(Translator& t, const Estimator& e, const Frame& frame) {
  steps::Neighbours how = neighbours_of(e, frame);
  how.targets = e.matrix("_y");
  if (how.targets.rows == 1 && how.points.rows != 1) how.targets = transposed(how.targets);
  if (how.targets.rows != how.points.rows) e.damaged("_y does not fit _fit_X");
  Prediction out;
  out.target = t.build().neighbours(t.numbers(e, frame), std::move(how));
  return out;
}

}  // namespace

void add_neighbours(PredictTable& table) {
  table["KNeighborsClassifier"] = classifier;
  table["KNeighborsRegressor"] = regressor;
}

}  // namespace octet::translate
