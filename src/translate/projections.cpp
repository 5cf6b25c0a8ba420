// Transformers that are a matrix.
#include <cmath>

#include "translate/translator.hpp"

namespace octet::translate {
namespace {

Frame projected(Translator& t, const Estimator& e, const Frame& frame, Matrix weights,
                const char* mean) {
  Builder& b = t.build();
  ValueId x = t.numbers(e, frame);
  if (weights.rows != frame.size()) e.damaged("its components do not fit the columns");
  // The mean is subtracted, not folded into a bias: float32 would cancel.
  if (mean != nullptr && e.has(mean)) x = b.subtract(x, b.constant(e.numbers(mean)));
  return t.frame_of(b.product(x, std::move(weights)));
}

Frame pca(Translator& t, const Estimator& e, const Frame& frame) {
  Matrix weights = transposed(e.matrix("components_"));
  if (e.flag("whiten")) {
    const std::vector<double> variance = e.numbers("explained_variance_");
    if (variance.size() != weights.columns) e.damaged("explained_variance_ does not fit");
    for (std::size_t r = 0; r < weights.rows; ++r) {
      for (std::size_t c = 0; c < weights.columns; ++c)
        weights.at(r, c) /= std::max(std::sqrt(variance[c]), 1e-300);
    }
  }
  return projected(t, e, frame, std::move(weights), "mean_");
}

Frame truncated_svd(Translator& t, const Estimator& e, const Frame& frame) {
  return projected(t, e, frame, transposed(e.matrix("components_")), nullptr);
}

Frame ica(Translator& t, const Estimator& e, const Frame& frame) {
  return projected(t, e, frame, transposed(e.matrix("components_")), "mean_");
}

Frame random_projection(Translator& t, const Estimator& e, const Frame& frame) {
  return projected(t, e, frame, transposed(e.matrix("components_")), nullptr);
}

}  // namespace

void add_projections(TransformTable& table) {
  table["PCA"] = pca;
  table["IncrementalPCA"] = pca;
  table["TruncatedSVD"] = truncated_svd;
  table["FastICA"] = ica;
  table["GaussianRandomProjection"] = random_projection;
}

}  // namespace octet::translate
