// A plan that would be slower than the float model, mended: the products that cost more in integers
// than in floats become products in floats again, on weights that stay small.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "octet/plan.hpp"
#include "octet/quantize.hpp"

namespace octet::tuning {

struct Paced {
  octet::Plan plan;
  std::vector<octet::Speed> speed;  // of that plan, one for each number of rows
  std::vector<std::string>
      taken_back;  // nodes that were computed in integers, and are not any more
};

// How plans are timed: each for about so many seconds.
struct Stopwatch {
  std::function<std::vector<octet::Speed>(const octet::Plan&, double)> time;
  std::function<std::vector<octet::Speed>(double)> time_float;  // beside itself
};

// Times the plan's model against the float model for about `seconds`. Where it is slower, also when
// asked again, and by more than the float model is beside itself, products of one kind (operator
// and shape of the weight) at a time are tried in floats, and stay so where that is faster; where
// none is, all that is changed goes back. Each try takes about `seconds`.
[[nodiscard]] Paced pace(const Stopwatch& watch, const octet::Plan& plan, double seconds);

[[nodiscard]] bool is_slower(const std::vector<octet::Speed>& speed);

}  // namespace octet::tuning
