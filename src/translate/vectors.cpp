// Support vector machines of libsvm: a kernel against the support vectors, and a MatMul.
//
// scikit-learn's attributes with an underscore in front are libsvm's own; those without have their
// signs turned for two classes.
#include <array>
#include <map>

#include "translate/translator.hpp"

namespace octet::translate {
namespace {

using steps::Apply;
using steps::Combine;
using steps::Compare;
using steps::Metric;

using Kernel = steps::SupportVectors::Kernel;

Kernel kernel_of(const Estimator& e) {
  static const std::map<std::string, Kernel> kernels = {{"linear", Kernel::linear},
                                                        {"poly", Kernel::poly},
                                                        {"rbf", Kernel::rbf},
                                                        {"sigmoid", Kernel::sigmoid}};
  const auto word = trained::text_of(e.records(), e.need("kernel"));
  const auto found = word ? kernels.find(*word) : kernels.end();
  if (found == kernels.end()) e.refuse("a kernel of its own");
  return found->second;
}

ValueId kernel(Translator& t, const Estimator& e, const Frame& frame, const Matrix& vectors) {
  Builder& b = t.build();
  const ValueId x = t.numbers(e, frame);
  if (vectors.columns != frame.size()) e.damaged("support_vectors_ do not fit the columns");
  const double gamma = e.number("_gamma");
  const Kernel kind = kernel_of(e);
  if (kind == Kernel::linear) return b.product(x, transposed(vectors));
  if (kind == Kernel::rbf) {
    return b.apply(Apply::Function::exp,
                   b.times(b.distances(x, vectors, Metric::squared_euclidean), -gamma));
  }
  const ValueId inner =
      b.plus(b.times(b.product(x, transposed(vectors)), gamma), e.number("coef0"));
  if (kind == Kernel::sigmoid) return b.apply(Apply::Function::tanh, inner);
  return b.combine(Combine::Function::power, inner, b.constant(e.number("degree")));
}

// The decision of a machine with one output.
ValueId single(Translator& t, const Estimator& e, const Frame& frame) {
  const Matrix vectors = e.matrix("support_vectors_");
  const Matrix coefficients = e.matrix("_dual_coef_");
  if (coefficients.rows != 1 || coefficients.columns != vectors.rows)
    e.damaged("_dual_coef_ does not fit");
  return t.build().affine(kernel(t, e, frame, vectors), transposed(coefficients),
                          e.numbers("_intercept_"));
}

Prediction regressor(Translator& t, const Estimator& e, const Frame& frame) {
  Prediction out;
  out.target = single(t, e, frame);
  return out;
}

Prediction one_class(Translator& t, const Estimator& e, const Frame& frame) {
  Prediction out;
  out.scores = single(t, e, frame);
  out.labels.numbers = {-1, 1};
  out.index = t.build().compare(Compare::Relation::greater, *out.scores, {0});
  return out;
}

struct Machine {
  Matrix vectors;
  Matrix coefficients;              // [classes - 1, vectors]
  std::vector<double> intercepts;   // by pair
  std::vector<std::size_t> begins;  // of each class's vectors, and the end
  std::size_t classes = 0;
};

Machine machine_of(const Estimator& e, std::size_t classes) {
  Machine out;
  out.classes = classes;
  out.vectors = e.matrix("support_vectors_");
  out.coefficients = e.matrix("_dual_coef_");
  out.intercepts = e.numbers("_intercept_");
  out.begins = {0};
  for (const double count : e.numbers("_n_support"))
    out.begins.push_back(out.begins.back() + static_cast<std::size_t>(std::max(count, 0.0)));
  const bool fits = classes >= 2 && out.begins.size() == classes + 1 &&
                    out.begins.back() == out.vectors.rows && out.coefficients.rows == classes - 1 &&
                    out.coefficients.columns == out.vectors.rows &&
                    out.intercepts.size() == classes * (classes - 1) / 2;
  if (!fits) e.damaged("its vectors and coefficients do not fit its classes");
  return out;
}

// One column for each pair of classes: above 0 is a vote for the first.
ValueId pair_decisions(Translator& t, const Estimator& e, const Frame& frame, const Machine& m) {
  Matrix weights{m.vectors.rows, m.intercepts.size(),
                 std::vector<double>(m.vectors.rows * m.intercepts.size())};
  std::size_t pair = 0;
  for (std::size_t i = 0; i < m.classes; ++i) {
    for (std::size_t j = i + 1; j < m.classes; ++j, ++pair) {
      for (std::size_t v = m.begins[i]; v < m.begins[i + 1]; ++v)
        weights.at(v, pair) = m.coefficients.at(j - 1, v);
      for (std::size_t v = m.begins[j]; v < m.begins[j + 1]; ++v)
        weights.at(v, pair) = m.coefficients.at(i, v);
    }
  }
  return t.build().affine(kernel(t, e, frame, m.vectors), std::move(weights), m.intercepts);
}

// Votes of the pairs, and a sum of their confidences that only breaks ties.
Prediction voted(Translator& t, const Estimator& e, steps::Labels labels, ValueId pairs) {
  Builder& b = t.build();
  const std::size_t k = labels.size();
  const std::size_t count = b.width(pairs);
  Matrix first{count, k, std::vector<double>(count * k)};
  Matrix second = first;
  Matrix signs = first;
  std::size_t pair = 0;
  for (std::size_t i = 0; i < k; ++i) {
    for (std::size_t j = i + 1; j < k; ++j, ++pair) {
      first.at(pair, i) = 1;
      second.at(pair, j) = 1;
      signs.at(pair, i) = 1;
      signs.at(pair, j) = -1;
    }
  }
  const ValueId won = b.compare(Compare::Relation::greater, pairs, {0});
  const ValueId lost = b.compare(Compare::Relation::less_equal, pairs, {0});
  const ValueId votes = b.add(b.product(won, std::move(first)), b.product(lost, std::move(second)));
  const ValueId sum = b.product(pairs, std::move(signs));
  const ValueId size = b.plus(b.apply(Apply::Function::absolute, sum), 1);
  Prediction out;
  out.labels = std::move(labels);
  out.decision = b.add(votes, b.divide(sum, b.times(size, 3)));
  out.index = b.winner(e.flag("break_ties") ? *out.decision : votes);
  return out;
}

void add_probabilities(Translator& t, const Estimator& e, const Frame& frame, const Machine& m,
                       Prediction& out) {
  steps::SupportVectors how;
  how.kernel = kernel_of(e);
  how.gamma = e.number("_gamma");
  how.coef0 = e.number("coef0");
  how.degree = e.number("degree");
  how.vectors = m.vectors;
  how.coefficients = m.coefficients;
  how.rho = m.intercepts;
  for (std::size_t i = 0; i < m.classes; ++i)
    how.per_class.push_back(static_cast<std::uint32_t>(m.begins[i + 1] - m.begins[i]));
  how.a = e.numbers("_probA");
  how.b = e.numbers("_probB");
  if (how.a.size() != how.rho.size() || how.b.size() != how.rho.size())
    e.damaged("_probA and _probB do not fit");
  out.probabilities = t.build().support_vectors(t.numbers(e, frame), std::move(how));
}

Prediction classifier(Translator& t, const Estimator& e, const Frame& frame) {
  steps::Labels labels = labels_of(e, e.need("classes_"));
  const Machine m = machine_of(e, labels.size());
  const ValueId pairs = pair_decisions(t, e, frame, m);
  Prediction out = labels.size() == 2 ? by_decision(t, std::move(labels), t.build().negate(pairs))
                                      : voted(t, e, std::move(labels), pairs);
  if (e.has("_probA") && !e.numbers("_probA").empty()) add_probabilities(t, e, frame, m, out);
  return out;
}

}  // namespace

void add_vectors(PredictTable& table) {
  table["SVR"] = regressor;
  table["NuSVR"] = regressor;
  table["OneClassSVM"] = one_class;
  table["SVC"] = classifier;
  table["NuSVC"] = classifier;
}

}  // namespace octet::translate
