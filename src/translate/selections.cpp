// Transformers that keep some columns.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "translate/translator.hpp"

namespace octet::translate {
namespace {

Frame kept(const Estimator& e, const Frame& frame, const std::vector<bool>& mask) {
  if (mask.size() != frame.size()) e.damaged("its columns do not fit those of the data");
  std::vector<std::uint32_t> index;
  for (std::uint32_t i = 0; i < mask.size(); ++i) {
    if (mask[i]) index.push_back(i);
  }
  return frame.chosen(index);
}

// NaN is worse than any score.
std::vector<double> scores_of(const Estimator& e) {
  std::vector<double> scores = e.numbers("scores_");
  for (double& score : scores) {
    if (std::isnan(score)) score = std::numeric_limits<double>::lowest();
  }
  return scores;
}

Frame k_best(Translator&, const Estimator& e, const Frame& frame) {
  const std::vector<double> scores = scores_of(e);
  if (trained::text_of(e.records(), e.need("k")) == "all") return frame;
  const auto k = static_cast<std::size_t>(std::max(0.0, e.number("k")));
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return scores[i]; });
  std::vector<bool> mask(scores.size());
  for (std::size_t i = scores.size() - std::min(k, scores.size()); i < scores.size(); ++i)
    mask[order[i]] = true;
  return kept(e, frame, mask);
}

Frame percentile(Translator&, const Estimator& e, const Frame& frame) {
  const std::vector<double> scores = scores_of(e);
  const double share = e.number("percentile");
  if (share == 100 || scores.empty()) return frame;
  std::vector<double> sorted = scores;
  std::ranges::sort(sorted);
  const double place = (100 - share) / 100 * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  const double threshold =
      sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
  std::vector<bool> mask(scores.size());
  auto room = static_cast<std::ptrdiff_t>(static_cast<double>(scores.size()) * share / 100);
  for (std::size_t i = 0; i < scores.size(); ++i) {
    mask[i] = share != 0 && scores[i] > threshold;
    room -= mask[i] ? 1 : 0;
  }
  for (std::size_t i = 0; i < scores.size() && share != 0; ++i) {
    if (scores[i] == threshold && room-- > 0) mask[i] = true;
  }
  return kept(e, frame, mask);
}

Frame false_positives(Translator&, const Estimator& e, const Frame& frame) {
  const std::vector<double> p = e.numbers("pvalues_");
  const double alpha = e.number("alpha");
  const double most = e.name() == "SelectFwe" ? alpha / static_cast<double>(p.size()) : alpha;
  std::vector<bool> mask(p.size());
  for (std::size_t i = 0; i < p.size(); ++i) mask[i] = p[i] < most;
  return kept(e, frame, mask);
}

Frame variance(Translator&, const Estimator& e, const Frame& frame) {
  const std::vector<double> variances = e.numbers("variances_");
  const double threshold = e.number("threshold");
  std::vector<bool> mask(variances.size());
  for (std::size_t i = 0; i < mask.size(); ++i) mask[i] = variances[i] > threshold;
  return kept(e, frame, mask);
}

Frame eliminated(Translator&, const Estimator& e, const Frame& frame) {
  const std::vector<double> support = e.numbers("support_");
  std::vector<bool> mask(support.size());
  for (std::size_t i = 0; i < mask.size(); ++i) mask[i] = support[i] != 0;
  return kept(e, frame, mask);
}

}  // namespace

void add_selections(TransformTable& table) {
  table["SelectKBest"] = k_best;
  table["SelectPercentile"] = percentile;
  table["SelectFpr"] = false_positives;
  table["SelectFwe"] = false_positives;
  table["VarianceThreshold"] = variance;
  table["RFE"] = eliminated;
  table["RFECV"] = eliminated;
}

}  // namespace octet::translate
