// Products in integers, as this machine's ONNX Runtime computes them, against exact arithmetic.
//
// A fault of a kernel (cost/faults.hpp) looks like a bad quantization in the answers; here it is
// told apart. Every shape of product in a model is computed once, on 33 rows, of numbers of which
// few are not zero, so that the exact result costs next to nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "octet/model_source.hpp"
#include "runtime/session.hpp"

namespace octet::trial {

struct ProductShape {
  std::int64_t k = 0;
  std::int64_t n = 0;
  auto operator<=>(const ProductShape&) const = default;
};

// Of the products with a constant 8-bit weight in all scopes of the model, each once; so many of
// them as fit into `most_weights` elements, the narrow ones first.
[[nodiscard]] std::vector<ProductShape> integer_products(const octet::ModelSource& model,
                                                         std::uint64_t most_weights);

// "INT8 products of 768x18710 wrong: row 31, column 18704 is 5, and exact 12"; nullopt: all right.
[[nodiscard]] std::optional<std::string> kernel_fault(
    const std::shared_ptr<const runtime::Library>& library, const octet::ModelSource& model);

// The work of it for one shape, on a runtime that a test can put in place: `run` is given A
// [rows, k] and B [k, n] and gives their product.
struct IntegerProduct {
  std::int64_t rows = 33;
  ProductShape shape;
  std::vector<std::uint8_t> a;
  std::vector<std::int8_t> b;
};
[[nodiscard]] IntegerProduct made_up_product(const ProductShape& shape);
[[nodiscard]] std::optional<std::string> first_wrong(const IntegerProduct& product,
                                                     const std::vector<std::int32_t>& given);

}  // namespace octet::trial
