// Subnormal weights of what stays float: zeros where the gate has passed, kept and told of
// elsewhere; and the mark on a result whose gate failed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <string>

#include "graph/graph.hpp"
#include "graph/subnormals.hpp"
#include "octet/quantize.hpp"
#include "support/in_memory.hpp"
#include "support/sample_models.hpp"

namespace octet::tuning {
namespace {

using base::ElementType;
using test::ModelBuilder;
using test::weight;
using ::testing::Contains;
using ::testing::HasSubstr;

constexpr std::int64_t width = 128;
constexpr float subnormal = 1e-40F;

// A product, and an addend of which every other element is subnormal.
std::vector<std::byte> with_subnormals() {
  std::vector<float> addend(width, 0.5F);
  for (std::size_t i = 0; i < addend.size(); i += 2)
    addend[i] = i % 4 == 0 ? subnormal : -subnormal;
  return ModelBuilder()
      .input("x", ElementType::float32, {"n", width})
      .initializer("W", weight({width, width}, 1))
      .initializer("b", test::tensor<float>({1, width}, addend))
      .node("MatMul", {"x", "W"}, {"h"}, {}, "product")
      .node("Mul", {"h", "b"}, {"y"}, {}, "scale")
      .output("y", ElementType::float32, {"n", width})
      .bytes();
}

QuantizeOptions options() {
  QuantizeOptions out;
  out.planning.costs = test::int8_always_pays();
  out.speed_seconds = 0;
  out.runtime.environment_library = test::ort_library();
  return out;
}

std::uint64_t left_in(const std::vector<std::byte>& bytes) {
  return graph::count_subnormals(graph::Graph::import(test::source(bytes)));
}

TEST(Subnormals, AreCounted) {
  EXPECT_EQ(left_in(with_subnormals()), width / 2);
}

TEST(Subnormals, BecomeZerosOfTheirSign) {
  const std::array<float, 4> from = {subnormal, -subnormal, 1.2e-38F, 0.0F};
  std::array<float, 4> to = {};
  graph::copy_flushed(std::as_bytes(std::span(from)), std::as_writable_bytes(std::span(to)));
  EXPECT_EQ(to[0], 0.0F);
  EXPECT_FALSE(std::signbit(to[0]));
  EXPECT_TRUE(std::signbit(to[1]));
  EXPECT_EQ(to[2], from[2]);
}

class SubnormalRun : public test::OrtTest {};

TEST_F(SubnormalRun, AreZerosWhereTheGatePasses) {
  const auto model = with_subnormals();
  const QuantizedBytes result = quantize_bytes(test::source(model), options());
  ASSERT_EQ(result.report.gate.status, Gate::Status::passed) << result.report.gate.detail;
  EXPECT_TRUE(result.report.flushed);
  EXPECT_EQ(result.report.subnormal_weights, static_cast<std::uint64_t>(width / 2));
  EXPECT_EQ(left_in(result.bytes), 0U);
}

TEST_F(SubnormalRun, StayWhereThatIsAskedForOrNoGateHasPassed) {
  const auto model = with_subnormals();
  QuantizeOptions keep = options();
  keep.flush_subnormals = false;
  QuantizeOptions no_gate = options();
  no_gate.gate = false;
  for (const QuantizeOptions& how : {keep, no_gate}) {
    const QuantizedBytes result = quantize_bytes(test::source(model), how);
    EXPECT_FALSE(result.report.flushed);
    EXPECT_EQ(left_in(result.bytes), static_cast<std::uint64_t>(width / 2));
    EXPECT_THAT(result.report.warnings,
                Contains(HasSubstr("64 weights that stay float are subnormal")));
  }
}

TEST_F(SubnormalRun, KeepBestMarksWhatFailed) {
  const auto model = with_subnormals();
  QuantizeOptions strict = options();
  strict.tolerances.abs_tol = 0;
  strict.plan = make_plan(test::source(model), strict.planning);  // a given plan is not mended
  strict.keep_best = true;
  const auto text_of = [](const QuantizedBytes& result) {
    return std::string(reinterpret_cast<const char*>(result.bytes.data()), result.bytes.size());
  };
  const QuantizedBytes failed = quantize_bytes(test::source(model), strict);
  ASSERT_EQ(failed.report.gate.status, Gate::Status::failed);
  EXPECT_THAT(text_of(failed), HasSubstr("octet.gate"));
  strict.tolerances.abs_tol = 1e9;
  const QuantizedBytes passed = quantize_bytes(test::source(model), strict);
  ASSERT_EQ(passed.report.gate.status, Gate::Status::passed);
  EXPECT_THAT(text_of(passed), ::testing::Not(HasSubstr("octet.gate")));
  EXPECT_THAT(std::string(reinterpret_cast<const char*>(model.data()), model.size()),
              ::testing::Not(HasSubstr("octet.gate")));
}

}  // namespace
}  // namespace octet::tuning
