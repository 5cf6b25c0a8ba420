// Models and tensors in memory: quantized without a proof, run on ONNX Runtime, compared.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/tensor.hpp"
#include "cost/table.hpp"
#include "cost/targets.hpp"
#include "octet/error.hpp"
#include "octet/quantize.hpp"
#include "runtime/session.hpp"
#include "support/claims.hpp"
#include "support/model_builder.hpp"
#include "support/places.hpp"

namespace octet::test {

using ModelBytes = std::vector<std::byte>;
using Feed = std::vector<base::NamedTensor>;

[[nodiscard]] inline ModelSource source(const ModelBytes& bytes) {
  return {std::span<const std::byte>(bytes)};
}

[[nodiscard]] inline QuantizeOptions without_proof() {
  QuantizeOptions options;
  options.prove = false;
  return options;
}

[[nodiscard]] inline ModelBytes quantized(const ModelBytes& model,
                                          QuantizeOptions options = without_proof()) {
  options.prove = false;
  return quantize_bytes(source(model), options).bytes;
}

[[nodiscard]] inline std::vector<float> normal_floats(std::size_t count, unsigned seed,
                                                      float deviation = 1) {
  std::mt19937 random(seed);
  std::vector<float> out(count);
  for (std::size_t i = 0; i < count; ++i) {  // a sum of uniforms: the same on every library
    float sum = 0;
    for (int k = 0; k < 12; ++k) sum += static_cast<float>(random() >> 8U) * 0x1p-24F;
    out[i] = (sum - 6) * deviation;
  }
  return out;
}

[[nodiscard]] inline std::size_t count_of(const std::vector<std::int64_t>& dims) {
  std::size_t n = 1;
  for (const std::int64_t d : dims) n *= static_cast<std::size_t>(d);
  return n;
}

// A float weight of this shape.
[[nodiscard]] inline TensorSpec weight(const std::vector<std::int64_t>& dims, unsigned seed = 1,
                                       float deviation = 0.05F) {
  return tensor<float>(dims, normal_floats(count_of(dims), seed, deviation));
}

[[nodiscard]] inline base::Tensor host(const TensorSpec& spec) {
  base::Tensor out{spec.type, spec.dims, {}, {}};
  out.bytes.resize(spec.raw.size());
  if (!spec.raw.empty()) std::memcpy(out.bytes.data(), spec.raw.data(), spec.raw.size());
  return out;
}

// A N(0,1) input.
[[nodiscard]] inline base::NamedTensor input(const std::string& name,
                                             const std::vector<std::int64_t>& dims,
                                             unsigned seed = 7) {
  return {name, host(weight(dims, seed, 1))};
}

[[nodiscard]] inline std::shared_ptr<const runtime::Library> ort() {
  static const std::shared_ptr<const runtime::Library> library = [] {
    const auto path = ort_library();
    if (path.empty()) return std::shared_ptr<const runtime::Library>();
    return runtime::load_library({.library = path, .environment_library = {}, .fallbacks = {}});
  }();
  return library;
}

// The first output of the model.
[[nodiscard]] inline base::Tensor run(const ModelBytes& model, const Feed& feed,
                                      runtime::Optimization level = runtime::Optimization::all) {
  runtime::SessionOptions options;
  options.optimization = level;
  options.label = "model";
  return runtime::Session::from_bytes(ort(), model, options).run(feed).at(0).tensor;
}

[[nodiscard]] inline double largest_difference(const base::Tensor& a, const base::Tensor& b) {
  if (a.dims != b.dims || a.bytes.size() != b.bytes.size()) return INFINITY;
  double largest = 0;
  for (std::size_t i = 0; i < a.as<float>().size(); ++i) {
    const double difference = std::abs(double{a.as<float>()[i]} - double{b.as<float>()[i]});
    largest = difference <= largest ? largest : difference;  // NaN becomes the largest
  }
  return largest;
}

[[nodiscard]] inline double largest_magnitude(const base::Tensor& a) {
  double largest = 0;
  for (const float x : a.as<float>()) largest = std::max(largest, std::abs(double{x}));
  return largest;
}

// Error of `result` against `model` at both optimisation levels, relative to the largest output.
[[nodiscard]] inline double error_of(const ModelBytes& result, const ModelBytes& model,
                                     const Feed& feed) {
  const base::Tensor expected = run(model, feed, runtime::Optimization::off);
  double worst = 0;
  for (const auto level : {runtime::Optimization::all, runtime::Optimization::off}) {
    const double difference = largest_difference(run(result, feed, level), expected);
    worst = difference <= worst ? worst : difference;
  }
  return worst / largest_magnitude(expected);
}

[[nodiscard]] inline const Decision& decision_of(const Plan& plan, const std::string& node) {
  static const Decision missing;
  for (const Decision& decision : plan.decisions) {
    if (decision.node == node) return decision;
  }
  ADD_FAILURE() << "no decision for " << node << " in\n" << to_json(plan);
  return missing;
}

// What becomes of the weight at this input of the node; -1: of its first.
[[nodiscard]] inline const WeightChoice& weight_of(const Plan& plan, const std::string& node,
                                                   int input = -1) {
  static const WeightChoice missing;
  for (const WeightChoice& weight : decision_of(plan, node).weights) {
    if (input < 0 || weight.input == input) return weight;
  }
  ADD_FAILURE() << "no weight " << input << " at " << node << " in\n" << to_json(plan);
  return missing;
}

// Costs with which every INT8 product and convolution pays, so that a test of a form can have small
// weights: PlanOptions::costs.
[[nodiscard]] inline std::string int8_always_pays() {
  cost::Table table = cost::table_from_json(cost::built_in_table("avx512_vnni"), "built in");
  table.of(cost::Kind::product).int8 = {1};  // a nanosecond a call
  table.of(cost::Kind::convolution).int8 = {1};
  table.of(cost::Kind::lstm).int8 = {1};
  table.of(cost::Kind::convolution).real = {1e9};
  return cost::to_json(table);
}

// Tests that run models: skipped when there is no ONNX Runtime.
class OrtTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (ort() == nullptr) GTEST_SKIP() << "no ONNX Runtime library: set OCTET_ORT";
  }
};

}  // namespace octet::test
