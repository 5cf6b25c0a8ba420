// Clusters with centres.
#include "translate/translator.hpp"

namespace octet::translate {
namespace {

ValueId distances(Translator& t, const Estimator& e, const Frame& frame) {
  Matrix centres = e.matrix("cluster_centers_");
  if (centres.columns != frame.size()) e.damaged("cluster_centers_ do not fit the columns");
  return t.build().distances(t.numbers(e, frame), std::move(centres), steps::Metric::euclidean);
}

Frame apart(Translator& t, const Estimator& e, const Frame& frame) {
  return t.frame_of(distances(t, e, frame));
}

Prediction nearest(Translator& t, const Estimator& e, const Frame& frame) {
  Prediction out;
  out.scores = distances(t, e, frame);
  out.index = t.build().winner(*out.scores, true);
  for (std::int64_t i = 0; i < t.build().width(*out.scores); ++i) out.labels.numbers.push_back(i);
  return out;
}

}  // namespace

void add_clusters(TransformTable& table, PredictTable& predict) {
  for (const char* name : {"KMeans", "MiniBatchKMeans", "BisectingKMeans"}) {
    table[name] = apart;
    if (std::string_view(name) != "BisectingKMeans") predict[name] = nearest;
  }
}

}  // namespace octet::translate
