// Layers as float models, and what Octet itself writes for them in INT8.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cost/table.hpp"
#include "cost/targets.hpp"
#include "costs/cases.hpp"
#include "costs/numbers.hpp"
#include "octet/quantize.hpp"
#include "support/model_builder.hpp"

namespace octet::bench {
namespace {

using base::ElementType;
using test::attr;
using test::tensor;
using Numbers = std::vector<std::int64_t>;

std::int64_t product(const Numbers& numbers) {
  std::int64_t out = 1;
  for (const std::int64_t n : numbers) out *= n;
  return out;
}

// Two layers with a Relu between, as convolutions come: ONNX Runtime cancels the Transposes between
// them. Kernels are as long along every axis, padded to keep the size. `back` channels come out of
// the second; 0: the first stands alone.
struct Pair {
  std::int64_t in, out, back, kernel, stride;
  Numbers size;
  std::int64_t groups = 1;
  bool dynamic = false;  // sizes are known only when the model runs
};

const std::vector<Pair>& pairs() {
  static const std::vector<Pair> all = {
      // what networks spend their time in
      {64, 64, 64, 3, 1, {56, 56}},
      {128, 128, 128, 3, 1, {28, 28}},
      {256, 256, 256, 3, 1, {14, 14}},
      {512, 512, 512, 3, 1, {7, 7}},
      {64, 128, 128, 3, 2, {56, 56}},
      {32, 32, 32, 3, 1, {112, 112}},
      {16, 32, 32, 3, 1, {56, 56}},
      {64, 64, 64, 3, 1, {112, 112}},
      {64, 64, 64, 3, 1, {28, 28}},
      {64, 256, 64, 1, 1, {56, 56}},
      {256, 1024, 256, 1, 1, {14, 14}},
      {512, 2048, 512, 1, 1, {7, 7}},
      {256, 512, 512, 1, 2, {28, 28}},
      {3, 64, 0, 7, 2, {112, 112}},
      {128, 128, 128, 5, 1, {14, 14}},
      {512, 512, 512, 3, 1, {500}},
      {80, 384, 384, 3, 1, {1000}},
      {256, 256, 256, 5, 1, {400}},
      {256, 256, 256, 1, 1, {300}},
      {64, 64, 64, 3, 1, {1000}},
      {32, 32, 32, 3, 1, {28, 28}},
      {96, 24, 96, 1, 1, {28, 28}},
      {64, 64, 64, 3, 1, {224, 224}},
      {64, 256, 256, 1, 1, {28, 28}},
      {256, 64, 64, 1, 1, {28, 28}},
      {128, 32, 32, 3, 1, {28, 28}},
      {32, 128, 128, 3, 1, {28, 28}},
      {384, 64, 16, 1, 1, {28, 28}},
      {16, 64, 384, 1, 1, {28, 28}},
      // alone: both Transposes stay
      {64, 64, 0, 3, 1, {56, 56}},
      {64, 256, 0, 1, 1, {28, 28}},
      {256, 64, 0, 1, 1, {28, 28}},
      {128, 128, 0, 3, 1, {14, 14}},
      {256, 256, 0, 3, 1, {100}},
      // few positions: the ends of networks, streams of sound, gates of channels
      {129, 128, 64, 3, 1, {4}},
      {64, 64, 128, 3, 1, {1}},
      {256, 256, 256, 3, 1, {2}},
      {64, 64, 64, 3, 1, {16}},
      {128, 64, 64, 3, 2, {4}},
      {64, 64, 64, 3, 1, {20}},
      {32, 32, 32, 5, 1, {32}},
      {64, 64, 64, 3, 1, {4, 4}},
      {128, 128, 128, 3, 1, {2, 2}},
      {32, 32, 32, 3, 1, {7, 7}},
      {32, 64, 64, 3, 1, {14, 14}},
      {16, 16, 16, 3, 1, {14, 14}},
      {64, 64, 64, 1, 1, {7, 7}},
      {96, 24, 96, 1, 1, {1, 1}},
      {512, 128, 512, 1, 1, {1, 1}},
      {320, 1280, 0, 1, 1, {7, 7}},
      // groups
      {128, 128, 128, 3, 1, {14, 14}, 2},
      {256, 256, 256, 3, 1, {14, 14}, 4},
      {64, 64, 64, 3, 1, {28, 28}, 2},
      {512, 512, 512, 1, 1, {7, 7}, 2},
      // sizes that nobody knows
      {64, 64, 64, 3, 1, {28, 28}, 1, true},
      {32, 32, 32, 3, 1, {14, 14}, 1, true},
      {128, 128, 128, 3, 1, {28, 28}, 1, true},
      {64, 64, 64, 3, 1, {100}, 1, true},
      {256, 256, 256, 3, 1, {16}, 1, true}};
  return all;
}

struct Layer {
  std::int64_t in, out, kernel, stride;
  Numbers size;

  [[nodiscard]] Numbers size_out() const {
    Numbers result;
    for (const std::int64_t n : size) {
      result.push_back((n + 2 * (kernel / 2) - kernel) / stride + 1);
    }
    return result;
  }
};

std::vector<Layer> layers_of(const Pair& pair) {
  std::vector<Layer> out = {{pair.in, pair.out, pair.kernel, pair.stride, pair.size}};
  if (pair.back != 0) out.push_back({pair.out, pair.back, pair.kernel, 1, out[0].size_out()});
  return out;
}

test::ModelBuilder model(const Pair& pair) {
  test::ModelBuilder out;
  test::Dims dims = {1, pair.in};
  for (std::size_t a = 0; a < pair.size.size(); ++a) {
    pair.dynamic ? dims.emplace_back(fmt::format("s{}", a)) : dims.emplace_back(pair.size[a]);
  }
  out.opset(17).input("x", ElementType::float32, dims);
  const std::vector<Layer> layers = layers_of(pair);
  std::string x = "x";
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const Layer& layer = layers[i];
    const auto seed = static_cast<unsigned>(i);
    const bool last = i + 1 == layers.size();
    const std::string y = last ? "y" : fmt::format("c{}", i);
    Numbers weight = {layer.out, layer.in / pair.groups};
    weight.insert(weight.end(), layer.size.size(), layer.kernel);
    out.initializer(fmt::format("w{}", i),
                    tensor<float>(weight, normal(product(weight), seed + 1, 0.05F)))
        .initializer(fmt::format("b{}", i), tensor<float>({layer.out}, normal(layer.out, seed + 9)))
        .node("Conv", {x, fmt::format("w{}", i), fmt::format("b{}", i)}, {y},
              {attr("pads", Numbers(2 * layer.size.size(), layer.kernel / 2)),
               attr("strides", Numbers(layer.size.size(), layer.stride)),
               attr("group", pair.groups)});
    if (!last) out.node("Relu", {y}, {fmt::format("r{}", i)});
    x = fmt::format("r{}", i);
  }
  return out.output("y", ElementType::float32);
}

cost::Terms terms_of(const Pair& pair, cost::Arithmetic arithmetic) {
  const std::vector<Layer> layers = layers_of(pair);
  cost::Terms sum = {};
  for (std::size_t l = 0; l < layers.size(); ++l) {
    const Layer& layer = layers[l];
    cost::Convolution work;
    work.channels_in = layer.in;
    work.channels_out = layer.out;
    work.positions_in = product(layer.size);
    work.positions_out = product(layer.size_out());
    work.kernel = pair.size.size() == 2 ? layer.kernel * layer.kernel : layer.kernel;
    work.stride = pair.size.size() == 2 ? layer.stride * layer.stride : layer.stride;
    work.axes = static_cast<std::int64_t>(pair.size.size());
    work.groups = pair.groups;
    work.computes_index = pair.dynamic;
    if (l == 0) work.turned += static_cast<double>(work.positions_in * layer.in);
    if (l + 1 == layers.size()) work.turned += static_cast<double>(work.positions_out * layer.out);
    const cost::Terms terms = cost::terms_of(work, arithmetic);
    for (std::size_t i = 0; i < sum.size(); ++i) sum.at(i) += terms.at(i);
  }
  return sum;
}

// A table by which every convolution pays.
std::string always_pays() {
  cost::Table table = cost::table_from_json(cost::built_in_table("avx512_vnni"), "built in");
  table.of(cost::Kind::convolution).real = {1e12};
  return cost::to_json(table);
}

ModelBytes written_in_int8(const ModelBytes& model) {
  QuantizeOptions options;
  options.prove = false;
  options.planning.costs = always_pays();
  options.planning.reduce_range = true;  // no kernel can saturate: answers compare on every target
  return quantize_bytes(ModelSource(std::span<const std::byte>(model)), options).bytes;
}

}  // namespace

std::vector<Case> convolution_cases() {
  std::vector<Case> out;
  for (const Pair& pair : pairs()) {
    Numbers dims = {1, pair.in};
    dims.insert(dims.end(), pair.size.begin(), pair.size.end());
    Run run = {fmt::format("{} to {} to {}, kernel {}, stride {}, {}{}{}", pair.in, pair.out,
                           pair.back, pair.kernel, pair.stride, fmt::join(pair.size, "x"),
                           pair.groups > 1 ? fmt::format(", {} groups", pair.groups) : "",
                           pair.dynamic ? ", sizes unknown" : ""),
               {{"x", host_tensor(ElementType::float32, dims, normal(product(dims), 4))}},
               terms_of(pair, cost::Arithmetic::real),
               terms_of(pair, cost::Arithmetic::int8)};
    const ModelBytes real = model(pair).bytes();
    out.push_back({real, written_in_int8(real), 1, {std::move(run)}});
  }
  return out;
}

}  // namespace octet::bench
