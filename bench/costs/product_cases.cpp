#include <fmt/format.h>

#include <algorithm>

#include "costs/cases.hpp"
#include "costs/numbers.hpp"
#include "support/model_builder.hpp"

namespace octet::bench {
namespace {

using base::ElementType;
using test::tensor;

struct Shape {
  std::int64_t k;
  std::int64_t n;
};

// Small, square, wide, tall, and narrow ones: the formula has to tell 120x384 from 384x128. No
// large powers of two: their rows fall on the same lines of the cache, float takes half as long
// again (1024x1024 at 128 rows: 31 ps a product, 1000x1000: 21), and the table would promise it to
// all.
constexpr Shape shapes[] = {
    {32, 32},    {64, 64},   {64, 256},   {64, 512},  {128, 128}, {120, 384}, {128, 512},
    {256, 64},   {256, 128}, {256, 256},  {192, 192}, {384, 128}, {512, 32},  {512, 96},
    {500, 256},  {500, 500}, {768, 8},    {768, 2},   {768, 16},  {768, 768}, {1200, 32},
    {2400, 16},  {2400, 32}, {2000, 64},  {900, 100}, {64, 2000}, {32, 1000}, {320, 96},
    {768, 3072}, {1000, 24}, {1000, 1000}};
constexpr std::int64_t rows_of_runs[] = {1, 2, 4, 8, 16, 24, 64, 128};

std::size_t copies_of(const Shape& shape) {
  return std::clamp<std::size_t>(
      static_cast<std::size_t>((std::int64_t{1} << 17) / (shape.k * shape.n)), 1, 8);
}

// `copies` layers that read one input, y0 = x·W0 + b0 and so on.
ModelBytes model(const Shape& shape, bool int8, std::size_t copies) {
  const auto [k, n] = shape;
  test::ModelBuilder out;
  out.opset(17).opset(1, "com.microsoft").input("x", ElementType::float32, {"rows", k});
  for (std::size_t i = 0; i < copies; ++i) {
    const auto name = [&](const char* what) { return fmt::format("{}{}", what, i); };
    const auto weight = normal(k * n, static_cast<unsigned>(i + 1), 0.1F);
    out.initializer(name("b"), tensor<float>({n}, normal(n, static_cast<unsigned>(i + 100))));
    if (int8) {
      const Quantized q = quantize_columns(weight, n);
      out.initializer(name("w"), tensor<std::int8_t>({k, n}, q.values))
          .initializer(name("s"), tensor<float>({n}, q.scales))
          .initializer(name("z"), tensor<std::int8_t>({}, {0}))
          .node("DynamicQuantizeMatMul", {"x", name("w"), name("s"), name("z"), name("b")},
                {name("y")}, {}, name("node"), "com.microsoft");
    } else {
      out.initializer(name("w"), tensor<float>({k, n}, weight))
          .node("MatMul", {"x", name("w")}, {name("m")})
          .node("Add", {name("m"), name("b")}, {name("y")});
    }
    out.output(name("y"), ElementType::float32, {"rows", n});
  }
  return out.bytes();
}

}  // namespace

std::vector<Case> product_cases() {
  std::vector<Case> out;
  for (const Shape& shape : shapes) {
    const std::size_t copies = copies_of(shape);
    Case here = {model(shape, false, copies), model(shape, true, copies), copies, {}};
    for (const std::int64_t rows : rows_of_runs) {
      const cost::Product work = {shape.k, shape.n, rows};
      here.runs.push_back(
          {fmt::format("{}x{}, {} rows", shape.k, shape.n, rows),
           {{"x", host_tensor(ElementType::float32, {rows, shape.k}, normal(rows * shape.k, 7))}},
           cost::terms_of(work, cost::Arithmetic::real),
           cost::terms_of(work, cost::Arithmetic::int8)});
    }
    out.push_back(std::move(here));
  }
  return out;
}

}  // namespace octet::bench
