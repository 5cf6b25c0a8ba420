// Steps that are models of their own: trees, tables of categories, neighbours, support vectors.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "steps/evaluation.hpp"

namespace octet::steps {
namespace {

double kernel(const SupportVectors& op, std::size_t vector, const Table& x, std::size_t row) {
  using K = SupportVectors::Kernel;
  double sum = 0;
  for (std::size_t c = 0; c < op.vectors.columns; ++c) {
    const double a = x.at(row, c);
    const double b = op.vectors.at(vector, c);
    sum += op.kernel == K::rbf ? (a - b) * (a - b) : a * b;
  }
  switch (op.kernel) {
    case K::linear:
      return sum;
    case K::poly:
      return std::pow(op.gamma * sum + op.coef0, op.degree);
    case K::rbf:
      return std::exp(-op.gamma * sum);
    case K::sigmoid:
      return std::tanh(op.gamma * sum + op.coef0);
  }
  return sum;
}

// Probabilities of k classes from those of their pairs: method 2 of Wu, Lin and Weng (2004), with
// the starting point, the order and the end of libsvm's multiclass_probability.
std::vector<double> coupled(const Matrix& r) {
  const std::size_t k = r.rows;
  Matrix q{k, k, std::vector<double>(k * k)};
  for (std::size_t t = 0; t < k; ++t) {
    for (std::size_t j = 0; j < k; ++j) {
      if (j == t) continue;
      q.at(t, t) += r.at(j, t) * r.at(j, t);
      q.at(t, j) = -r.at(j, t) * r.at(t, j);
    }
  }
  std::vector<double> p(k, 1.0 / static_cast<double>(k));
  std::vector<double> qp(k);
  const double enough = 0.005 / static_cast<double>(k);
  const std::size_t most = std::max<std::size_t>(100, k);
  for (std::size_t round = 0; round < most; ++round) {
    double pqp = 0;
    for (std::size_t t = 0; t < k; ++t) {
      qp[t] = 0;
      for (std::size_t j = 0; j < k; ++j) qp[t] += q.at(t, j) * p[j];
      pqp += p[t] * qp[t];
    }
    double worst = 0;
    for (std::size_t t = 0; t < k; ++t) worst = std::max(worst, std::abs(qp[t] - pqp));
    if (worst < enough) break;
    for (std::size_t t = 0; t < k; ++t) {
      const double step = (-qp[t] + pqp) / q.at(t, t);
      p[t] += step;
      pqp = (pqp + step * (step * q.at(t, t) + 2 * qp[t])) / (1 + step) / (1 + step);
      for (std::size_t j = 0; j < k; ++j) {
        qp[j] = (qp[j] + step * q.at(t, j)) / (1 + step);
        p[j] /= 1 + step;
      }
    }
  }
  return p;
}

double pair_probability(double decision, double a, double b) {
  const double x = decision * a + b;
  const double p = x >= 0 ? std::exp(-x) / (1 + std::exp(-x)) : 1 / (1 + std::exp(x));
  constexpr double least = 1e-7;
  return std::clamp(p, least, 1 - least);
}

}  // namespace

void Evaluation::operator()(const Trees& op) {
  const Forest& forest = *op.forest;
  std::vector<double> features(inputs[0]->width);
  for (std::size_t r = 0; r < out.count; ++r) {
    for (std::size_t c = 0; c < features.size(); ++c) {
      const double x = inputs[0]->at(r, c);
      features[c] = forest.float_features ? static_cast<double>(static_cast<float>(x)) : x;
    }
    for (const std::uint32_t root : forest.roots) {
      const Forest::Node& leaf = leaf_of(forest, root, features);
      for (std::uint32_t w = 0; w < forest.leaf_weights; ++w)
        out.at(r, leaf.right + w) += jitter(forest.weights[leaf.left + w]);
    }
    for (std::size_t c = 0; c < out.width; ++c) {
      if (forest.average) out.at(r, c) /= static_cast<double>(forest.roots.size());
      if (!forest.base.empty()) out.at(r, c) = jitter(out.at(r, c) + jitter(forest.base[c]));
    }
  }
}

void Evaluation::operator()(const Lookup& op) {
  const auto found = [&](const auto& keys, const auto& key) {
    const auto at = std::ranges::find(keys, key);
    return at == keys.end() ? op.otherwise : op.values[static_cast<std::size_t>(at - keys.begin())];
  };
  // As float32, so that a category 0.1 is found in float32 data.
  const auto found_number = [&](double x) {
    const auto at = std::ranges::find_if(
        op.keys, [&](double key) { return static_cast<float>(key) == static_cast<float>(x); });
    return at == op.keys.end() ? op.otherwise
                               : op.values[static_cast<std::size_t>(at - op.keys.begin())];
  };
  for (std::size_t r = 0; r < out.count; ++r) {
    if (op.texts.empty()) {
      const double x = inputs[0]->numbers[r];
      out.at(r, 0) = op.missing && std::isnan(x) ? *op.missing : found_number(x);
    } else {
      const std::string& x = inputs[0]->texts[r];
      out.at(r, 0) = op.missing && x.empty() ? *op.missing : found(op.texts, x);
    }
  }
}

std::vector<double> Evaluation::distances(const Matrix& points, Metric metric, std::size_t row) {
  std::vector<double> found(points.rows);
  for (std::size_t p = 0; p < points.rows; ++p) {
    double sum = 0;
    for (std::size_t c = 0; c < points.columns; ++c) {
      const double d = jitter(inputs[0]->at(row, c) - points.at(p, c));
      if (metric == Metric::chebyshev)
        sum = std::max(sum, std::abs(d));
      else
        sum += metric == Metric::manhattan ? std::abs(d) : d * d;
    }
    found[p] = jitter(metric == Metric::euclidean ? std::sqrt(sum) : sum);
  }
  return found;
}

void Evaluation::operator()(const Distances& op) {
  for (std::size_t r = 0; r < out.count; ++r)
    std::ranges::copy(distances(op.points, op.metric, r), &out.at(r, 0));
}

void Evaluation::operator()(const Neighbours& op) {
  for (std::size_t r = 0; r < out.count; ++r) {
    const std::vector<double> d = distances(op.points, op.metric, r);
    std::vector<std::size_t> order(d.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto end = order.begin() + static_cast<std::ptrdiff_t>(op.count);
    std::ranges::partial_sort(order, end, [&](std::size_t a, std::size_t b) {
      return d[a] != d[b] ? d[a] < d[b] : a < b;
    });
    const bool touches = d[order[0]] == 0;
    double total = 0;
    for (std::size_t i = 0; i < op.count; ++i) {
      const double distance = d[order[i]];
      double weight = 1;
      if (op.by_distance) weight = touches ? (distance == 0 ? 1 : 0) : 1 / distance;
      total += weight;
      for (std::size_t c = 0; c < out.width; ++c)
        out.at(r, c) += jitter(weight * op.targets.at(order[i], c));
    }
    for (std::size_t c = 0; c < out.width; ++c) out.at(r, c) /= total;
  }
}

void Evaluation::operator()(const SupportVectors& op) {
  const std::size_t k = op.per_class.size();
  std::vector<std::size_t> begin(k + 1);
  for (std::size_t i = 0; i < k; ++i) begin[i + 1] = begin[i] + op.per_class[i];
  std::vector<double> values(op.vectors.rows);
  for (std::size_t r = 0; r < out.count; ++r) {
    for (std::size_t v = 0; v < values.size(); ++v)
      values[v] = jitter(kernel(op, v, *inputs[0], r));
    Matrix pairs{k, k, std::vector<double>(k * k)};
    std::size_t pair = 0;
    for (std::size_t i = 0; i < k; ++i) {
      for (std::size_t j = i + 1; j < k; ++j, ++pair) {
        double sum = op.rho[pair];
        for (std::size_t v = begin[i]; v < begin[i + 1]; ++v)
          sum += jitter(op.coefficients.at(j - 1, v) * values[v]);
        for (std::size_t v = begin[j]; v < begin[j + 1]; ++v)
          sum += jitter(op.coefficients.at(i, v) * values[v]);
        pairs.at(i, j) = pair_probability(sum, op.a[pair], op.b[pair]);
        pairs.at(j, i) = 1 - pairs.at(i, j);
      }
    }
    std::ranges::copy(coupled(pairs), &out.at(r, 0));
  }
}

void Evaluation::operator()(const Interpolate& op) {
  for (std::size_t r = 0; r < out.count; ++r) {
    const double x = inputs[0]->at(r, 0);
    const auto next = std::ranges::upper_bound(op.x, x);
    if (std::isnan(x)) {
      out.at(r, 0) = x;
    } else if (next == op.x.begin()) {
      out.at(r, 0) = op.y.front();
    } else if (next == op.x.end()) {
      out.at(r, 0) = op.y.back();
    } else {
      const auto i = static_cast<std::size_t>(next - op.x.begin());
      const double part = (x - op.x[i - 1]) / (op.x[i] - op.x[i - 1]);
      out.at(r, 0) = op.y[i - 1] + part * (op.y[i] - op.y[i - 1]);
    }
  }
}

void Evaluation::operator()(const WeightedMedian& op) {
  const double half = 0.5 * std::accumulate(op.weights.begin(), op.weights.end(), 0.0);
  std::vector<std::size_t> order(op.weights.size());
  for (std::size_t r = 0; r < out.count; ++r) {
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&](std::size_t c) { return inputs[0]->at(r, c); });
    double sum = 0;
    std::size_t i = 0;
    while (i + 1 < order.size() && (sum += op.weights[order[i]]) < half) ++i;
    out.at(r, 0) = jitter(inputs[0]->at(r, order[i]));
  }
}

}  // namespace octet::steps
