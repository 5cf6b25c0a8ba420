// What a MatMul or Gemm computes, in one shape: y = alpha·A'·B' + beta·C.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "forms/site.hpp"

namespace octet::forms {

struct MatMulOperands {
  bool transpose_a = false;
  bool weight_is_transposed = false;  // the weight's own axes are [N, K] instead of [K, N]
  float alpha = 1;
  float beta = 1;
  std::int64_t rows = 0;     // K
  std::int64_t columns = 0;  // N
  graph::ValueId addend =
      graph::none;                  // Gemm's C, or the bias of a following Add that can move inside
  graph::NodeId add = graph::none;  // that Add
};

// nullopt when the site is not the second operand of a MatMul or Gemm with a two-axis weight.
[[nodiscard]] std::optional<MatMulOperands> matmul_operands(const graph::Graph& graph,
                                                            const Site& site);

// Why too few products keep such a layer in float arithmetic (cost_rules.hpp), for people.
[[nodiscard]] std::string small_detail(const MatMulOperands& operands);

}  // namespace octet::forms
