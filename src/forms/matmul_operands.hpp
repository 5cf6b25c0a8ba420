// A MatMul, Gemm or FusedMatMul with a constant two-axis weight, and the bias that follows it, as
// one product.
#pragma once

#include <optional>

#include "forms/form.hpp"

namespace octet::forms {

// a[…, rows] · weight[rows, columns] · alpha + beta · addend.
struct MatMulOperands {
  graph::ConstantId weight = graph::none;
  View view;  // [rows, columns]
  graph::ValueId activation = graph::none;
  std::uint32_t slot = 1;    // of the weight
  bool transpose_a = false;  // the last two axes of the activation are swapped first
  // The weight stands on the left: weight[columns, rows] · a[…, rows, n]. The activation is turned
  // first and the product turned back.
  bool left = false;
  std::size_t axes = 2;  // of the activation, where one of the two is so
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
