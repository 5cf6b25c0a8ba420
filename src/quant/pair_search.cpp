#include "quant/pair_search.hpp"

#include <algorithm>

namespace octet::quant {

PairSearch::PairSearch(float plain, float max_pair_sum)
    : plain_(plain),
      needed_(max_pair_sum > 128.0f),
      width_(std::max(static_cast<double>(max_pair_sum) / 128.0 - 1.0, 1.0 / 64.0)) {}

double PairSearch::factor(std::size_t round, std::size_t i) const {
  // In twelfths of the interval; the last of the first round lies below it.
  constexpr std::array first = {0.0, 4.0, 8.0, 12.0};
  if (round == 0) return i < first.size() ? 1.0 + width_ * (first[i] / 12.0) : 15.0 / 16.0;
  const double step = round == 1 ? 2.0 / 12.0 : 1.0 / 12.0;
  return i == 0 ? factor_ - width_ * step : factor_ + width_ * step;
}

float PairSearch::scaled(double factor) const {
  return std::max(static_cast<float>(static_cast<double>(plain_) * factor),
                  std::numeric_limits<float>::min());
}

float PairSearch::candidate(std::size_t round, std::size_t i) const {
  return scaled(factor(round, i));
}

void PairSearch::judge(std::size_t round, std::span<const double> errors) {
  double winner = factor_;
  for (std::size_t i = 0; i < errors.size(); ++i) {
    if (!(errors[i] < least_)) continue;
    least_ = errors[i];
    winner = factor(round, i);
  }
  factor_ = winner;
}

}  // namespace octet::quant
