// Gemm in every combination of transA, transB, alpha, beta and shape of C.
#include <gtest/gtest.h>

#include "forms/result_test.hpp"

namespace octet::forms {
namespace {

using base::ElementType;
using test::attr;
using test::ModelBuilder;
using test::weight;

using Gemm = test::OrtTest;
constexpr std::int64_t m = 5, k = 400, n = 80;

struct Case {
  bool trans_a, trans_b;
  float alpha, beta;
  const char* c;  // "" none, "x": not constant, else a shape
};

std::vector<std::int64_t> shape_of(const std::string& c) {
  if (c == "[N]") return {n};
  if (c == "[1,N]") return {1, n};
  if (c == "[1]") return {1};
  if (c == "[M,N]" || c == "x") return {m, n};
  if (c == "[M,1]") return {m, 1};
  return {};
}

ModelBuilder model(const Case& gemm) {
  const std::string c = gemm.c;
  ModelBuilder out;
  out.input("x", ElementType::float32, gemm.trans_a ? test::Dims{k, m} : test::Dims{m, k})
      .initializer("W", weight(gemm.trans_b ? std::vector<std::int64_t>{n, k}
                                            : std::vector<std::int64_t>{k, n}));
  test::Names inputs = {"x", "W"};
  if (!c.empty()) inputs.emplace_back("C");
  if (c == "x") out.input("C", ElementType::float32, {m, n});
  if (!c.empty() && c != "x") out.initializer("C", weight(shape_of(c), 3, 1));
  return out
      .node("Gemm", inputs, {"y"},
            {attr("transA", gemm.trans_a ? 1 : 0), attr("transB", gemm.trans_b ? 1 : 0),
             attr("alpha", gemm.alpha), attr("beta", gemm.beta)},
            "g")
      .output("y", ElementType::float32, {m, n});
}

double error_of(const Case& gemm, const PlanOptions& planning) {
  const Result result = quantize(model(gemm), planned(planning));
  EXPECT_EQ(result.form("g"), "dynamic_matmul");
  test::Feed feed = {test::input(
      "x", gemm.trans_a ? std::vector<std::int64_t>{k, m} : std::vector<std::int64_t>{m, k})};
  if (std::string(gemm.c) == "x") feed.push_back(test::input("C", {m, n}, 8));
  return result.error(feed);
}

void try_all(const PlanOptions& planning) {
  for (const bool trans_a : {false, true}) {
    for (const bool trans_b : {false, true}) {
      for (const float alpha : {1.F, 0.5F, -2.F}) {
        for (const float beta : {1.F, 0.F, 0.5F}) {
          for (const char* c : {"", "[N]", "[1,N]", "[1]", "scalar", "[M,N]", "[M,1]", "x"}) {
            const Case gemm{trans_a, trans_b, alpha, beta, c};
            EXPECT_LT(error_of(gemm, planning), 0.02)
                << "transA " << trans_a << " transB " << trans_b << " alpha " << alpha << " beta "
                << beta << " C " << c;
          }
        }
      }
    }
  }
}

TEST_F(Gemm, IsCloseInEveryCombination) {
  try_all({});
}

TEST_F(Gemm, IsCloseInEveryCombinationOfStandardOperators) {
  PlanOptions planning;
  planning.ops = "standard";
  try_all(planning);
}

TEST_F(Gemm, IsCloseAsUint8AndPerTensor) {
  PlanOptions planning;
  planning.weight_type = "uint8";
  planning.per_channel = false;
  EXPECT_LT(error_of({true, true, -2, 0.5F, "[1,N]"}, planning), 0.02);
  planning.ops = "standard";
  EXPECT_LT(error_of({true, true, -2, 0.5F, "[1,N]"}, planning), 0.02);
}

TEST_F(Gemm, EmitsOneOperatorWhenTheBiasFits) {
  for (const char* c : {"", "[N]", "[1,N]", "[1]", "scalar"}) {
    const Result result = quantize(model({false, true, 0.5F, 0.5F, c}));
    EXPECT_EQ(result.ops(), (std::map<std::string, int>{{"DynamicQuantizeMatMul", 1}})) << c;
  }
  const Result outside = quantize(model({false, true, 1, 1, "[M,1]"}));
  EXPECT_EQ(outside.ops()["Add"], 1);
}

TEST_F(Gemm, KeepsFloatWithoutAlpha) {
  const Result zero = quantize(model({false, false, 0, 1, "[N]"}));
  EXPECT_NE(zero.form("g"), "dynamic_matmul");
  EXPECT_LT(zero.error({test::input("x", {m, k})}), 0.02);
}

TEST_F(Gemm, DropsACThatBetaSilences) {
  const Result result = quantize(model({false, false, 1, 0, "[N]"}));
  EXPECT_EQ(constant(result.graph(), "C"), "");
}

}  // namespace
}  // namespace octet::forms
