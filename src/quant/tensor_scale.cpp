// One scale for a whole matrix: the same candidates as for a column, their errors summed over the
// columns.
#include <algorithm>
#include <vector>

#include "base/parallel.hpp"
#include "quant/column_measures.hpp"
#include "quant/pair_search.hpp"
#include "quant/plain_scale.hpp"
#include "quant/weight_quantizer.hpp"

namespace octet::quant {

using kernels::panel_width;

namespace {

// Calls visit(reader, group) for groups of adjacent panels, in parallel. A group is a fixed number
// of columns, so what is summed per group and then in order of groups does not depend on the
// threads.
constexpr std::size_t group_columns = 8 * panel_width;

std::size_t group_count(const MatrixView& in) {
  return (in.columns + group_columns - 1) / group_columns;
}

template <typename Visit>
void for_each_panel(const MatrixView& in, float multiplier, unsigned threads, Visit&& visit) {
  base::parallel_for(group_count(in), threads, [&](std::size_t group) {
    const std::size_t end = std::min(in.columns, (group + 1) * group_columns);
    PanelReader reader(in, multiplier, end);
    for (std::size_t n = group * group_columns; n < end; n += panel_width) {
      reader.select(n, std::min(panel_width, end - n));
      visit(reader, group);
    }
  });
}

// The largest of what measure(reader) gives for any column.
template <typename Measure>
float largest_of(const MatrixView& in, float multiplier, unsigned threads, Measure&& measure) {
  std::vector<float> largest(group_count(in), 0.0f);
  for_each_panel(in, multiplier, threads, [&](PanelReader& reader, std::size_t group) {
    for (const float lane : measure(reader)) largest[group] = std::max(largest[group], lane);
  });
  return largest.empty() ? 0.0f : *std::max_element(largest.begin(), largest.end());
}

// Sums in a fixed order: the columns of a group, then the groups.
std::vector<double> candidate_errors(const MatrixView& in, float multiplier, unsigned threads,
                                     const std::vector<float>& scales) {
  std::vector<Lanes> lanes(scales.size());
  for (std::size_t c = 0; c < scales.size(); ++c) lanes[c].fill(scales[c]);
  std::vector<double> sums(group_count(in) * scales.size(), 0.0);
  for_each_panel(in, multiplier, threads, [&](PanelReader& reader, std::size_t group) {
    std::vector<WideLanes> errors(scales.size());
    column_pair_errors(reader, lanes, errors);
    for (std::size_t c = 0; c < scales.size(); ++c) {
      for (const double error : errors[c]) sums[group * scales.size() + c] += error;
    }
  });
  std::vector<double> result(scales.size(), 0.0);
  for (std::size_t i = 0; i < sums.size(); ++i) result[i % scales.size()] += sums[i];
  return result;
}

}  // namespace

float tensor_scale(const MatrixView& in, const Encoding& encoding, float multiplier,
                   unsigned threads) {
  const float plain =
      plain_scale(largest_of(in, multiplier, threads, column_max_abs), encoding.range);
  if (!pairs(encoding)) return plain;

  Lanes lanes;
  lanes.fill(plain);
  const auto pair_sum = [&](PanelReader& reader) { return column_max_pair_sum(reader, lanes); };
  PairSearch search(plain, largest_of(in, multiplier, threads, pair_sum));
  for (std::size_t round = 0; search.needed() && round < PairSearch::rounds; ++round) {
    std::vector<float> scales;
    for (std::size_t i = 0; i < PairSearch::candidates(round); ++i) {
      scales.push_back(search.candidate(round, i));
    }
    search.judge(round, candidate_errors(in, multiplier, threads, scales));
  }
  return search.scale();
}

}  // namespace octet::quant
