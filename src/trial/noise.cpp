#include "trial/noise.hpp"

#include <algorithm>

#include "measure/comparison.hpp"

namespace octet::trial {
namespace {

// A model that draws does so on every feed. Labels that are drawn may agree by chance: a few.
constexpr std::size_t most_feeds = 4;

}  // namespace

std::vector<octet::OutputParity> own_difference(const Trial& trial, const runtime::Session& first,
                                                const runtime::Session& second) {
  measure::Comparison comparison("the reference");
  for (std::size_t i = 0; i < std::min(most_feeds, trial.size()); ++i)
    comparison.add(trial.run(first, i), trial.run(second, i));
  return comparison.results();
}

bool is_noisy(const octet::OutputParity& own_difference) {
  return own_difference.not_compared.empty() && own_difference.max_abs_diff > 0;
}

bool any_noisy(const std::vector<octet::OutputParity>& own_difference) {
  return std::ranges::any_of(own_difference, is_noisy);
}

}  // namespace octet::trial
