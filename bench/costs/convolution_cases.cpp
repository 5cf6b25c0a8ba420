#include <fmt/format.h>
#include <fmt/ranges.h>

#include "costs/cases.hpp"
#include "costs/numbers.hpp"
#include "support/model_builder.hpp"

namespace octet::bench {
namespace {

using base::ElementType;
using test::attr;
using test::tensor;
using Numbers = std::vector<std::int64_t>;

// A kernel of k along every axis of a picture of `size` (or a signal, when its first axis is 0),
// padded to keep the size.
struct Layer {
  std::int64_t in;
  std::int64_t out;
  std::int64_t kernel;
  std::int64_t stride;
  Numbers size;

  [[nodiscard]] Numbers size_out() const {
    Numbers result;
    for (const std::int64_t n : size) {
      result.push_back((n + 2 * (kernel / 2) - kernel) / stride + 1);
    }
    return result;
  }
  [[nodiscard]] std::int64_t taps() const { return size.size() == 2 ? kernel * kernel : kernel; }
  [[nodiscard]] bool gathers() const { return kernel > 1 || stride > 1; }
};

std::int64_t product(const Numbers& numbers) {
  std::int64_t out = 1;
  for (const std::int64_t n : numbers) out *= n;
  return out;
}

// Two layers with a Relu between, as convolutions come: ONNX Runtime cancels the Transposes between
// them. `back` channels come out of the second; 0: the first stands alone.
struct Pair {
  std::int64_t in, out, back, kernel, stride;
  Numbers size;
};
const std::vector<Pair>& pairs() {
  static const std::vector<Pair> all = {
      {64, 64, 64, 3, 1, {56, 56}},     {128, 128, 128, 3, 1, {28, 28}},
      {256, 256, 256, 3, 1, {14, 14}},  {512, 512, 512, 3, 1, {7, 7}},
      {64, 128, 128, 3, 2, {56, 56}},   {32, 32, 32, 3, 1, {112, 112}},
      {16, 32, 32, 3, 1, {56, 56}},     {64, 64, 64, 3, 1, {112, 112}},
      {64, 64, 64, 3, 1, {28, 28}},     {64, 256, 64, 1, 1, {56, 56}},
      {256, 1024, 256, 1, 1, {14, 14}}, {512, 2048, 512, 1, 1, {7, 7}},
      {256, 512, 512, 1, 2, {28, 28}},  {3, 64, 0, 7, 2, {112, 112}},
      {128, 128, 128, 5, 1, {14, 14}},  {512, 512, 512, 3, 1, {500}},
      {80, 384, 384, 3, 1, {1000}},     {256, 256, 256, 5, 1, {400}},
      {256, 256, 256, 1, 1, {300}},     {64, 64, 64, 3, 1, {1000}},
      {32, 32, 32, 3, 1, {28, 28}},     {96, 24, 96, 1, 1, {28, 28}},
      {64, 64, 64, 3, 1, {224, 224}},   {64, 256, 256, 1, 1, {28, 28}},
      {256, 64, 64, 1, 1, {28, 28}},    {128, 32, 32, 3, 1, {28, 28}},
      {32, 128, 128, 3, 1, {28, 28}},   {384, 64, 16, 1, 1, {28, 28}},
      {16, 64, 384, 1, 1, {28, 28}}};
  return all;
}

std::vector<Layer> layers_of(const Pair& pair) {
  std::vector<Layer> out = {{pair.in, pair.out, pair.kernel, pair.stride, pair.size}};
  if (pair.back != 0) out.push_back({pair.out, pair.back, pair.kernel, 1, out[0].size_out()});
  return out;
}

// Rows of the channels-last input that every position of the output reads, tap by tap; the row
// behind the last is the padding.
std::vector<std::int32_t> gathered_rows(const Layer& layer) {
  const bool signal = layer.size.size() == 1;  // a picture of one row, without taps along it
  const Numbers picture = signal ? Numbers{1, layer.size[0]} : layer.size;
  const Numbers out = signal ? Numbers{1, layer.size_out()[0]} : layer.size_out();
  const std::int64_t tall = signal ? 1 : layer.kernel;
  const std::int64_t pad = layer.kernel / 2;
  std::vector<std::int32_t> rows;
  for (std::int64_t y = 0; y < out[0]; ++y) {
    for (std::int64_t x = 0; x < out[1]; ++x) {
      for (std::int64_t dy = 0; dy < tall; ++dy) {
        for (std::int64_t dx = 0; dx < layer.kernel; ++dx) {
          const std::int64_t row = signal ? y : y * layer.stride + dy - pad;
          const std::int64_t column = x * layer.stride + dx - pad;
          const bool inside = row >= 0 && row < picture[0] && column >= 0 && column < picture[1];
          rows.push_back(static_cast<std::int32_t>(inside ? row * picture[1] + column
                                                          : picture[0] * picture[1]));
        }
      }
    }
  }
  return rows;
}

// [out, in, taps] as [taps · in, out]: what the product reads.
std::vector<float> as_matrix(const std::vector<float>& weight, const Layer& layer) {
  std::vector<float> out(weight.size());
  const auto taps = static_cast<std::size_t>(layer.taps());
  const auto in = static_cast<std::size_t>(layer.in);
  const auto columns = static_cast<std::size_t>(layer.out);
  for (std::size_t o = 0; o < columns; ++o) {
    for (std::size_t c = 0; c < in; ++c) {
      for (std::size_t t = 0; t < taps; ++t) {
        out[(t * in + c) * columns + o] = weight[(o * in + c) * taps + t];
      }
    }
  }
  return out;
}

// Names of one layer's values and constants end in its number.
class Writer {
 public:
  Writer(test::ModelBuilder& model, const Layer& layer, std::size_t number)
      : model_(model), layer_(layer), number_(number) {
    weight_ = normal(layer.out * layer.in * layer.taps(), static_cast<unsigned>(number + 1), 0.05F);
    model_.initializer(
        name("b"),
        tensor<float>({layer.out}, normal(layer.out, static_cast<unsigned>(number + 9))));
  }

  void write_float(const std::string& x, const std::string& y) {
    Numbers dims = {layer_.out, layer_.in};
    Numbers pads(layer_.size.size() * 2, layer_.kernel / 2);
    dims.insert(dims.end(), layer_.size.size(), layer_.kernel);
    model_.initializer(name("w"), tensor<float>(dims, weight_))
        .node("Conv", {x, name("w"), name("b")}, {y},
              {attr("pads", pads), attr("strides", Numbers(layer_.size.size(), layer_.stride))});
  }

  void write_int8(const std::string& x, const std::string& y) {
    const bool picture = layer_.size.size() == 2;
    const Quantized q = quantize_columns(as_matrix(weight_, layer_), layer_.out);
    model_
        .initializer(name("w"),
                     tensor<std::int8_t>({layer_.taps() * layer_.in, layer_.out}, q.values))
        .initializer(name("ws"), tensor<float>({layer_.out}, q.scales))
        .initializer(name("wz"), tensor<std::int8_t>({}, {0}))
        .node("Transpose", {x}, {name("last")},
              {attr("perm", picture ? Numbers{0, 2, 3, 1} : Numbers{0, 2, 1})})
        .node("DynamicQuantizeLinear", {name("last")}, {name("q"), name("s"), name("z")});
    const std::string columns = layer_.gathers() ? write_gather() : name("q");
    model_
        .node("MatMulIntegerToFloat",
              {columns, name("w"), name("s"), name("ws"), name("z"), name("wz"), name("b")},
              {name("p")}, {}, "", "com.microsoft")
        .node("Transpose", {name("p")}, {y},
              {attr("perm", picture ? Numbers{0, 3, 1, 2} : Numbers{0, 2, 1})});
  }

 private:
  std::string write_gather() {
    const auto rows = gathered_rows(layer_);
    Numbers dims = {1};
    for (const std::int64_t n : layer_.size_out()) dims.push_back(n);
    dims.push_back(layer_.taps() * layer_.in);
    model_.initializer(name("flat"), tensor<std::int64_t>({2}, {product(layer_.size), layer_.in}))
        .initializer(name("one"), tensor<std::int64_t>({4}, {0, 0, 1, 0}))
        .initializer(name("rows"),
                     tensor<std::int32_t>({static_cast<std::int64_t>(rows.size())}, rows))
        .initializer(name("wide"),
                     tensor<std::int64_t>({static_cast<std::int64_t>(dims.size())}, dims))
        .node("Reshape", {name("q"), name("flat")}, {name("q2")})
        .node("Pad", {name("q2"), name("one"), name("z")}, {name("q3")})
        .node("Gather", {name("q3"), name("rows")}, {name("g")}, {attr("axis", 0)})
        .node("Reshape", {name("g"), name("wide")}, {name("im2col")});
    return name("im2col");
  }

  [[nodiscard]] std::string name(const char* what) const {
    return fmt::format("{}{}", what, number_);
  }

  test::ModelBuilder& model_;
  const Layer& layer_;
  std::size_t number_;
  std::vector<float> weight_;
};

test::Dims dims_of(std::int64_t channels, const Numbers& size) {
  test::Dims out = {1, channels};
  for (const std::int64_t n : size) out.emplace_back(n);
  return out;
}

ModelBytes model(const std::vector<Layer>& layers, bool int8) {
  test::ModelBuilder out;
  out.opset(17).opset(1, "com.microsoft");
  out.input("x", ElementType::float32, dims_of(layers.front().in, layers.front().size));
  std::string x = "x";
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const bool last = i + 1 == layers.size();
    const std::string y = last ? "y" : fmt::format("c{}", i);
    Writer writer(out, layers[i], i);
    int8 ? writer.write_int8(x, y) : writer.write_float(x, y);
    if (!last) out.node("Relu", {y}, {fmt::format("r{}", i)});
    x = fmt::format("r{}", i);
  }
  return out.output("y", ElementType::float32, dims_of(layers.back().out, layers.back().size_out()))
      .bytes();
}

cost::Terms terms_of(const std::vector<Layer>& layers, cost::Arithmetic arithmetic) {
  cost::Terms sum = {};
  for (const Layer& layer : layers) {
    const cost::Convolution work = {1,
                                    layer.in,
                                    layer.out,
                                    product(layer.size),
                                    product(layer.size_out()),
                                    layer.taps(),
                                    layer.stride};
    const cost::Terms terms = cost::terms_of(work, arithmetic);
    for (std::size_t i = 0; i < sum.size(); ++i) sum.at(i) += terms.at(i);
  }
  return sum;
}

}  // namespace

std::vector<Case> convolution_cases() {
  std::vector<Case> out;
  for (const Pair& pair : pairs()) {
    const std::vector<Layer> layers = layers_of(pair);
    Numbers dims = {1, pair.in};
    dims.insert(dims.end(), pair.size.begin(), pair.size.end());
    Run run = {fmt::format("{} to {} to {}, kernel {}, stride {}, {}", pair.in, pair.out, pair.back,
                           pair.kernel, pair.stride, fmt::join(pair.size, "x")),
               {{"x", host_tensor(ElementType::float32, dims, normal(product(dims), 4))}},
               terms_of(layers, cost::Arithmetic::real),
               terms_of(layers, cost::Arithmetic::int8)};
    out.push_back({model(layers, false), model(layers, true), 1, {std::move(run)}});
  }
  return out;
}

}  // namespace octet::bench
