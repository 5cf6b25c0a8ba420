#include <fmt/format.h>

#include "costs/cases.hpp"
#include "costs/numbers.hpp"
#include "support/model_builder.hpp"

namespace octet::bench {
namespace {

using base::ElementType;
using test::tensor;

struct Shape {
  std::int64_t input;
  std::int64_t hidden;
};
constexpr Shape shapes[] = {{32, 32},   {64, 64},   {128, 128}, {64, 256}, {256, 256},
                            {256, 128}, {384, 384}, {512, 512}, {80, 512}};
constexpr std::int64_t steps_of_runs[] = {1, 4, 20, 100};

// W is [1, 4H, I] in ONNX and [1, I, 4H] for DynamicQuantizeLSTM; R alike.
void add_weight(test::ModelBuilder& model, const char* name, std::int64_t columns,
                std::int64_t gates, unsigned seed, bool int8) {
  const auto weight = normal(gates * columns, seed, 0.05F);
  if (!int8) {
    model.initializer(name, tensor<float>({1, gates, columns}, weight));
    return;
  }
  const Quantized q = quantize_columns(transposed(weight, gates), gates);
  const std::vector<std::int8_t> zeros(static_cast<std::size_t>(gates));
  model.initializer(name, tensor<std::int8_t>({1, columns, gates}, q.values))
      .initializer(fmt::format("{}_scale", name), tensor<float>({1, gates}, q.scales))
      .initializer(fmt::format("{}_zero", name), tensor<std::int8_t>({1, gates}, zeros));
}

ModelBytes model(const Shape& shape, bool int8) {
  const std::int64_t gates = 4 * shape.hidden;
  test::ModelBuilder out;
  out.opset(14).opset(1, "com.microsoft");
  out.input("x", ElementType::float32, {"steps", 1, shape.input});
  add_weight(out, "w", shape.input, gates, 1, int8);
  add_weight(out, "r", shape.hidden, gates, 2, int8);
  out.initializer("b", tensor<float>({1, 2 * gates}, normal(2 * gates, 3, 0.1F)));
  const auto hidden = test::attr("hidden_size", shape.hidden);
  if (int8) {
    out.node("DynamicQuantizeLSTM",
             {"x", "w", "r", "b", "", "", "", "", "w_scale", "w_zero", "r_scale", "r_zero"}, {"y"},
             {hidden}, "lstm", "com.microsoft");
  } else {
    out.node("LSTM", {"x", "w", "r", "b"}, {"y"}, {hidden});
  }
  return out.output("y", ElementType::float32, {"steps", 1, 1, shape.hidden}).bytes();
}

}  // namespace

std::vector<Case> lstm_cases() {
  std::vector<Case> out;
  for (const Shape& shape : shapes) {
    Case here = {model(shape, false), model(shape, true), 1, {}};
    for (const std::int64_t steps : steps_of_runs) {
      const cost::Lstm work = {shape.input, shape.hidden, steps};
      here.runs.push_back({fmt::format("{} to {}, {} steps", shape.input, shape.hidden, steps),
                           {{"x", host_tensor(ElementType::float32, {steps, 1, shape.input},
                                              normal(steps * shape.input, 5))}},
                           cost::terms_of(work, cost::Arithmetic::real),
                           cost::terms_of(work, cost::Arithmetic::int8)});
    }
    out.push_back(std::move(here));
  }
  return out;
}

}  // namespace octet::bench
