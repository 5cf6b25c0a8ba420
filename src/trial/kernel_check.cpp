#include "trial/kernel_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <set>

#include "base/random.hpp"
#include "graph/graph.hpp"
#include "onnx/declarations.hpp"
#include "onnx/field_numbers.hpp"
#include "onnx/message.hpp"

namespace octet::trial {
namespace {

namespace field = onnx::field;

constexpr std::uint64_t most_weights = std::uint64_t{64} << 20U;
constexpr std::int64_t values_in_a_row = 8;

// The weight is an initializer: kernels lay it out anew, and that is part of what is checked.
std::string model_of(const IntegerProduct& product) {
  onnx::Message node;
  node.text(field::node::input, "a");
  node.text(field::node::input, "b");
  node.text(field::node::output, "y");
  node.text(field::node::op_type, "MatMulInteger");
  const std::int64_t b_dims[] = {product.shape.k, product.shape.n};
  const std::int64_t a_dims[] = {product.rows, product.shape.k};
  const std::int64_t y_dims[] = {product.rows, product.shape.n};
  onnx::Message weight = onnx::tensor_head(base::ElementType::int8, b_dims);
  weight.text(field::tensor::name, "b");
  weight.text(field::tensor::raw_data,
              {reinterpret_cast<const char*>(product.b.data()), product.b.size()});
  onnx::Message graph;
  graph.message(field::graph::node, std::move(node));
  graph.text(field::graph::name, "product");
  graph.message(field::graph::initializer, std::move(weight));
  graph.message(field::graph::input, onnx::value_info("a", base::ElementType::uint8, a_dims));
  graph.message(field::graph::output, onnx::value_info("y", base::ElementType::int32, y_dims));
  onnx::Message model;
  model.varint(field::model::ir_version, 8);
  model.message(field::model::opset_import, onnx::opset_import("", 13));
  model.message(field::model::graph, std::move(graph));
  return model.bytes();
}

std::vector<std::int32_t> computed(const std::shared_ptr<const runtime::Library>& library,
                                   const IntegerProduct& product) {
  const std::string bytes = model_of(product);
  runtime::SessionOptions how;
  how.label = "a product in integers";
  const auto session = runtime::Session::from_bytes(library, std::as_bytes(std::span(bytes)), how);
  base::NamedTensor a;
  a.name = "a";
  a.tensor.type = base::ElementType::uint8;
  a.tensor.dims = {product.rows, product.shape.k};
  a.tensor.bytes.resize(product.a.size());
  std::memcpy(a.tensor.bytes.data(), product.a.data(), product.a.size());
  const std::vector<base::NamedTensor> feed = {std::move(a)};
  const auto outputs = session.run(feed);
  const auto values = outputs.at(0).tensor.as<std::int32_t>();
  return {values.begin(), values.end()};
}

}  // namespace

std::vector<ProductShape> integer_products(const octet::ModelSource& model, std::uint64_t most) {
  const graph::Graph graph = graph::Graph::import(model);
  std::set<ProductShape> found;
  for (graph::NodeId id = 0; id < graph.nodes().size(); ++id) {
    const std::string_view op = graph.node(id).view.op_type;
    if (op != "DynamicQuantizeMatMul" && op != "MatMulInteger" && op != "MatMulIntegerToFloat")
      continue;
    const graph::Constant* const weight = graph.constant_input(id, 1);
    const bool is_matrix = weight != nullptr && weight->tensor.dims.size() == 2 &&
                           base::element_size(weight->tensor.type) == 1;
    if (is_matrix && weight->tensor.elements > 0)
      found.insert({weight->tensor.dims[0], weight->tensor.dims[1]});
  }
  std::vector<ProductShape> out;
  std::uint64_t taken = 0;
  for (const ProductShape& shape : found) {
    taken += static_cast<std::uint64_t>(shape.k * shape.n);
    if (taken > most) break;
    out.push_back(shape);
  }
  return out;
}

IntegerProduct made_up_product(const ProductShape& shape) {
  IntegerProduct out;
  out.shape = shape;
  base::Random random(0, "kernel check");
  out.a.resize(static_cast<std::size_t>(out.rows * shape.k));
  out.b.resize(static_cast<std::size_t>(shape.k * shape.n));
  for (std::int64_t row = 0; row < out.rows; ++row) {
    for (std::int64_t i = 0; i < values_in_a_row; ++i) {
      const auto k = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(shape.k)));
      out.a[static_cast<std::size_t>(row * shape.k + k)] =
          static_cast<std::uint8_t>(random.below(256));
    }
  }
  // Two of them stay within 16 bits: what saturates is another matter (docs/numerics.md).
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < out.b.size(); ++i) {
    if (i % 8 == 0) bits = random.next();
    out.b[i] = static_cast<std::int8_t>(static_cast<int>((bits >> (8 * (i % 8))) & 0x7fU) - 64);
  }
  return out;
}

std::optional<std::string> first_wrong(const IntegerProduct& product,
                                       const std::vector<std::int32_t>& given) {
  const auto k = static_cast<std::size_t>(product.shape.k);
  const auto n = static_cast<std::size_t>(product.shape.n);
  const auto rows = static_cast<std::size_t>(product.rows);
  if (given.size() != rows * n) return fmt::format("INT8 products of {}x{} in another shape", k, n);
  std::vector<std::int32_t> exact(n);
  for (std::size_t row = 0; row < rows; ++row) {
    std::ranges::fill(exact, 0);
    for (std::size_t i = 0; i < k; ++i) {
      const std::int32_t a = product.a[row * k + i];
      if (a == 0) continue;
      for (std::size_t column = 0; column < n; ++column)
        exact[column] += a * product.b[i * n + column];
    }
    for (std::size_t column = 0; column < n; ++column) {
      const std::int32_t here = given[row * n + column];
      if (here == exact[column]) continue;
      return fmt::format("INT8 products of {}x{} wrong: row {}, column {} is {}, and exact {}", k,
                         n, row, column, here, exact[column]);
    }
  }
  return std::nullopt;
}

std::optional<std::string> kernel_fault(const std::shared_ptr<const runtime::Library>& library,
                                        const octet::ModelSource& model) {
  for (const ProductShape& shape : integer_products(model, most_weights)) {
    const IntegerProduct product = made_up_product(shape);
    if (auto fault = first_wrong(product, computed(library, product))) return fault;
  }
  return std::nullopt;
}

}  // namespace octet::trial
