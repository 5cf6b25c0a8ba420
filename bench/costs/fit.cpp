#include "costs/fit.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <utility>

namespace octet::bench {
namespace {

using Matrix = std::array<std::array<double, cost::most_terms + 1>, cost::most_terms>;

// Terms are scaled to about 1, or the normal equations of counts from 1 to 10^9 would be singular.
cost::Terms scales_of(std::span<const Sample> samples) {
  cost::Terms out = {};
  for (const Sample& sample : samples) {
    for (std::size_t i = 0; i < out.size(); ++i) {
      out.at(i) = std::max(out.at(i), sample.terms.at(i) / sample.ns);
    }
  }
  return out;
}

// Solves rows·x = last column by elimination with pivots; nothing when singular.
std::optional<std::vector<double>> solve(Matrix rows, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) {
    std::size_t best = i;
    for (std::size_t r = i; r < size; ++r) {
      if (std::abs(rows.at(r).at(i)) > std::abs(rows.at(best).at(i))) best = r;
    }
    if (std::abs(rows.at(best).at(i)) < 1e-12) return std::nullopt;
    std::swap(rows.at(i), rows.at(best));
    for (std::size_t r = 0; r < size; ++r) {
      if (r == i) continue;
      const double factor = rows.at(r).at(i) / rows.at(i).at(i);
      for (std::size_t c = i; c < cost::most_terms + 1; ++c) {
        rows.at(r).at(c) -= factor * rows.at(i).at(c);
      }
    }
  }
  std::vector<double> out(size);
  for (std::size_t i = 0; i < size; ++i) {
    out[i] = rows.at(i).at(cost::most_terms) / rows.at(i).at(i);
  }
  return out;
}

// Least squares with only the terms of `chosen`; nothing when one of them would be negative.
std::optional<cost::Terms> fit_of(std::span<const Sample> samples, const cost::Terms& scales,
                                  const std::vector<std::size_t>& chosen) {
  Matrix normal = {};
  for (const Sample& sample : samples) {
    const auto scaled = [&](std::size_t term) {
      return sample.terms.at(term) / sample.ns / scales.at(term);
    };
    for (std::size_t r = 0; r < chosen.size(); ++r) {
      for (std::size_t c = 0; c < chosen.size(); ++c) {
        normal.at(r).at(c) += scaled(chosen[r]) * scaled(chosen[c]);
      }
      normal.at(r).at(cost::most_terms) += scaled(chosen[r]);
    }
  }
  const auto solution = solve(normal, chosen.size());
  if (!solution) return std::nullopt;
  cost::Terms out = {};
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    if ((*solution)[i] <= 0) return std::nullopt;
    out.at(chosen[i]) = (*solution)[i] / scales.at(chosen[i]);
  }
  return out;
}

Fit judged(std::span<const Sample> samples, const cost::Terms& rates) {
  Fit out = {.rates = rates};
  for (const Sample& sample : samples) {
    const double error = predict(sample.terms, rates) / sample.ns - 1;
    out.rms += error * error;
    out.worst = std::max(out.worst, std::abs(error));
  }
  out.rms = std::sqrt(out.rms / static_cast<double>(samples.size()));
  return out;
}

}  // namespace

double predict(const cost::Terms& terms, const cost::Terms& rates) {
  return std::inner_product(terms.begin(), terms.end(), rates.begin(), 0.0);
}

// Eight terms have 128 subsets with the call in it: the best of those whose rates are all positive
// is the optimum, and no iteration has to converge.
Fit fit(std::span<const Sample> samples, std::size_t terms) {
  const cost::Terms scales = scales_of(samples);
  Fit best = {.rms = std::numeric_limits<double>::infinity()};
  for (std::size_t subset = 1; subset < (std::size_t{1} << terms); subset += 2) {
    std::vector<std::size_t> chosen;
    for (std::size_t i = 0; i < terms; ++i) {
      if ((subset >> i & 1U) != 0 && scales.at(i) > 0) chosen.push_back(i);
    }
    const auto rates = fit_of(samples, scales, chosen);
    if (!rates) continue;
    const Fit here = judged(samples, *rates);
    if (here.rms < best.rms) best = here;
  }
  return best;
}

}  // namespace octet::bench
