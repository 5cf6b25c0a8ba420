// Times float and INT8 of many cases, interleaved: every round runs all of them once, in an order
// drawn anew, so that a slow spell of the machine falls on all alike.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "costs/cases.hpp"
#include "runtime/session.hpp"

namespace octet::bench {

struct Timing {
  std::string label;
  cost::Terms real_terms = {};
  cost::Terms int8_terms = {};
  double real_ns = 0;  // of one layer: the median over the rounds, CPU time of this thread
  double int8_ns = 0;
  double ratio = 0;  // INT8 / float: the median of the rounds' ratios
  double error = 0;  // relative L2 of INT8's answers against float's
};

// One thread. Throws Error{runtime_failed} when a model does not load or run, or when INT8 answers
// something else (relative L2 above 0.1, or not finite).
[[nodiscard]] std::vector<Timing> time_cases(const std::shared_ptr<const runtime::Library>& library,
                                             const std::vector<Case>& cases, unsigned rounds);

}  // namespace octet::bench
