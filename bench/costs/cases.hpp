// What is measured: the same layer in float and in INT8, as models in memory, and the sizes it is
// run with.
#pragma once

#include <string>
#include <vector>

#include "base/tensor.hpp"
#include "cost/formula.hpp"

namespace octet::bench {

using ModelBytes = std::vector<std::byte>;

struct Run {
  std::string label;  // "768x3072, 16 rows"
  std::vector<base::NamedTensor> feed;
  cost::Terms real_terms = {};  // of one layer
  cost::Terms int8_terms = {};
};

struct Case {
  ModelBytes real;
  ModelBytes int8;
  // The same layer so many times beside each other, so that what a call of the whole model costs
  // weighs little.
  std::size_t copies = 1;
  std::vector<Run> runs;
};

// The writings are those of the forms: DynamicQuantizeMatMul with bias; Transpose, quantize,
// Gather, MatMulIntegerToFloat, Transpose; Gather of rows and scales, Cast, Mul;
// DynamicQuantizeLSTM with a scale per column.
[[nodiscard]] std::vector<Case> product_cases();
[[nodiscard]] std::vector<Case> convolution_cases();
[[nodiscard]] std::vector<Case> lookup_cases();
[[nodiscard]] std::vector<Case> lstm_cases();

}  // namespace octet::bench
