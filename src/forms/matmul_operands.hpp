// A MatMul or Gemm with a constant two-axis weight, and the bias that follows it, as one product.
#pragma once

#include <optional>

#include "forms/form.hpp"

namespace octet::forms {

// a[…, rows] · weight[rows, columns] · alpha + beta · addend.
struct MatMulOperands {
  graph::ConstantId weight = graph::none;
  View view;  // [rows, columns]
  bool transpose_a = false;
  float alpha = 1;
  float beta = 1;
  graph::ValueId addend = graph::none;
  graph::NodeId add = graph::none;  // the Add that follows a MatMul and becomes part of it

  [[nodiscard]] std::int64_t rows() const { return view.dims[0]; }
  [[nodiscard]] std::int64_t columns() const { return view.dims[1]; }
};

// nullopt for another operator, for a weight that is computed or has not two axes, and for a node
// whose inputs and outputs are not those of its operator; `why` says which.
[[nodiscard]] std::optional<MatMulOperands> matmul_operands(const Survey& survey,
                                                            graph::NodeId node, Refusal& why);

}  // namespace octet::forms
