// Naive Bayes, and quadratic discriminants: log likelihoods, normalised.
#include <cmath>
#include <numbers>
#include <numeric>

#include "translate/translator.hpp"

namespace octet::translate {
namespace {

using steps::Apply;
using steps::Compare;
using steps::Reduce;

Prediction by_likelihoods(Translator& t, const Estimator& e, ValueId joint) {
  steps::Labels labels = labels_of(e, e.need("classes_"));
  if (labels.size() != t.build().width(joint)) e.damaged("its classes do not fit");
  Prediction out = by_probabilities(t, std::move(labels), t.build().softmax(joint));
  out.index = t.build().winner(joint);
  return out;
}

void check(const Estimator& e, const Matrix& matrix, const Frame& frame) {
  if (matrix.columns != frame.size()) e.damaged("its parameters do not fit the columns");
}

Prediction gaussian(Translator& t, const Estimator& e, const Frame& frame) {
  Builder& b = t.build();
  const Matrix means = e.matrix("theta_");
  const Matrix variances = e.matrix(e.find("var_") != no_ref ? "var_" : "sigma_");
  const std::vector<double> priors = e.numbers("class_prior_");
  check(e, means, frame);
  check(e, variances, frame);
  if (variances.rows != means.rows || priors.size() != means.rows)
    e.damaged("its parameters do not fit");
  const ValueId x = t.numbers(e, frame);
  std::vector<ValueId> joint;
  for (std::size_t k = 0; k < means.rows; ++k) {
    std::vector<double> mean(means.columns);
    std::vector<double> variance(means.columns);
    double constant = std::log(priors[k]);
    for (std::size_t c = 0; c < means.columns; ++c) {
      mean[c] = means.at(k, c);
      variance[c] = variances.at(k, c);
      constant -= 0.5 * std::log(2 * std::numbers::pi * variance[c]);
    }
    const ValueId apart = b.apply(Apply::Function::square, b.subtract(x, b.constant(mean)));
    const ValueId sum = b.reduce(Reduce::Function::sum, b.divide(apart, b.constant(variance)));
    joint.push_back(b.plus(b.times(sum, -0.5), constant));
  }
  return by_likelihoods(t, e, b.concat(std::move(joint)));
}

std::vector<double> class_priors(const Estimator& e, const Matrix& log_p) {
  std::vector<double> out = e.numbers("class_log_prior_");
  if (out.size() != log_p.rows) e.damaged("class_log_prior_ does not fit");
  return out;
}

Prediction multinomial(Translator& t, const Estimator& e, const Frame& frame) {
  const Matrix log_p = e.matrix("feature_log_prob_");
  check(e, log_p, frame);
  return by_likelihoods(
      t, e, t.build().affine(t.numbers(e, frame), transposed(log_p), class_priors(e, log_p)));
}

Prediction complement(Translator& t, const Estimator& e, const Frame& frame) {
  const Matrix log_p = e.matrix("feature_log_prob_");
  check(e, log_p, frame);
  std::vector<double> priors(log_p.rows);
  if (log_p.rows == 1) priors = class_priors(e, log_p);
  return by_likelihoods(t, e, t.build().affine(t.numbers(e, frame), transposed(log_p), priors));
}

Prediction bernoulli(Translator& t, const Estimator& e, const Frame& frame) {
  Builder& b = t.build();
  Matrix log_p = e.matrix("feature_log_prob_");
  check(e, log_p, frame);
  std::vector<double> bias = class_priors(e, log_p);
  for (std::size_t k = 0; k < log_p.rows; ++k) {
    for (std::size_t c = 0; c < log_p.columns; ++c) {
      const double absent = std::log(1 - std::exp(log_p.at(k, c)));
      bias[k] += absent;
      log_p.at(k, c) -= absent;
    }
  }
  ValueId x = t.numbers(e, frame);
  if (e.has("binarize")) x = b.compare(Compare::Relation::greater, x, {e.number("binarize")});
  return by_likelihoods(t, e, b.affine(x, transposed(log_p), std::move(bias)));
}

Prediction quadratic(Translator& t, const Estimator& e, const Frame& frame) {
  Builder& b = t.build();
  const Matrix means = e.matrix("means_");
  const std::vector<Ref> rotations = e.items("rotations_");
  const std::vector<Ref> scalings = e.items("scalings_");
  const std::vector<double> priors = e.numbers("priors_");
  check(e, means, frame);
  if (rotations.size() != means.rows || scalings.size() != means.rows ||
      priors.size() != means.rows) {
    e.damaged("its parameters do not fit");
  }
  const ValueId x = t.numbers(e, frame);
  std::vector<ValueId> joint;
  for (std::size_t k = 0; k < means.rows; ++k) {
    Matrix rotation = matrix_of(e, rotations[k]);
    const Matrix scaling = matrix_of(e, scalings[k]);
    if (rotation.rows != frame.size() || scaling.numbers.size() != rotation.columns)
      e.damaged("its rotations do not fit");
    double constant = std::log(priors[k]);
    for (std::size_t c = 0; c < rotation.columns; ++c) {
      constant -= 0.5 * std::log(scaling.numbers[c]);
      for (std::size_t r = 0; r < rotation.rows; ++r)
        rotation.at(r, c) /= std::sqrt(scaling.numbers[c]);
    }
    std::vector<double> mean(means.columns);
    for (std::size_t c = 0; c < mean.size(); ++c) mean[c] = means.at(k, c);
    const ValueId turned =
        b.product(b.subtract(x, b.constant(std::move(mean))), std::move(rotation));
    const ValueId sum = b.reduce(Reduce::Function::sum, b.apply(Apply::Function::square, turned));
    joint.push_back(b.plus(b.times(sum, -0.5), constant));
  }
  const ValueId decision = b.concat(std::move(joint));
  Prediction out = by_likelihoods(t, e, decision);
  if (b.width(decision) == 2)
    out.decision = b.subtract(b.column(decision, 1), b.column(decision, 0));
  else
    out.decision = decision;
  return out;
}

}  // namespace

void add_bayes(PredictTable& table) {
  table["GaussianNB"] = gaussian;
  table["MultinomialNB"] = multinomial;
  table["ComplementNB"] = complement;
  table["BernoulliNB"] = bernoulli;
  table["QuadraticDiscriminantAnalysis"] = quadratic;
}

}  // namespace octet::translate
