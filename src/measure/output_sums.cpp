#include "measure/output_sums.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "octet/error.hpp"

namespace octet::measure {

ClearVectors& clear_of(std::vector<ClearVectors>& clear, int exponent) {
  const auto place = std::ranges::lower_bound(clear, exponent, {}, &ClearVectors::exponent);
  if (place != clear.end() && place->exponent == exponent) return *place;
  return *clear.insert(place, {exponent, 0, 0});
}

void append(OutputSums& sums, const OutputSums& later) {
  octet::OutputParity& ours = sums.parity;
  const octet::OutputParity& theirs = later.parity;
  if (ours.name != theirs.name) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("output \"{}\" follows \"{}\": these are not parts of one comparison",
                            theirs.name, ours.name));
  }
  if (ours.type.empty()) {
    ours.type = theirs.type;
    ours.shape = theirs.shape;
    sums.labels = later.labels;
  }
  ours.elements += theirs.elements;
  if (!theirs.not_compared.empty()) ours.not_compared = theirs.not_compared;
  if (!later.problem.empty()) sums.problem = later.problem;
  if (later.noted && (!sums.noted || theirs.max_abs_diff > ours.max_abs_diff)) {
    ours.max_abs_diff = theirs.max_abs_diff;
    ours.worst_row = sums.rows + theirs.worst_row;
    ours.worst_call = sums.calls + theirs.worst_call;
    ours.worst_input_row = theirs.worst_input_row;
    if (ours.worst_input_row) *ours.worst_input_row += sums.fed_rows;
    ours.worst_reference = theirs.worst_reference;
    ours.worst_candidate = theirs.worst_candidate;
  }
  sums.noted = sums.noted || later.noted;
  sums.calls += later.calls;
  sums.rows += later.rows;
  sums.fed_rows += later.fed_rows;
  sums.abs.add(later.abs);
  sums.square.add(later.square);
  sums.dot.add(later.dot);
  sums.reference_square.add(later.reference_square);
  sums.candidate_square.add(later.candidate_square);
  sums.reference_max = std::max(sums.reference_max, later.reference_max);
  sums.finite += later.finite;
  sums.agreeing += later.agreeing;
  sums.judged += later.judged;
  sums.among_five += later.among_five;
  sums.of_ten += later.of_ten;
  for (const ClearVectors& one : later.clear) {
    ClearVectors& into = clear_of(sums.clear, one.exponent);
    into.agreeing += one.agreeing;
    into.judged += one.judged;
  }
}

}  // namespace octet::measure
