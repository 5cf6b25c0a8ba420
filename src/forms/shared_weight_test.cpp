// One weight, several readers: quantized once, never a second copy.
#include <gtest/gtest.h>

#include "forms/result_test.hpp"

namespace octet::forms {
namespace {

using base::ElementType;
using test::attr;
using test::ModelBuilder;
using test::weight;

using SharedWeight = test::OrtTest;
constexpr double close = 0.03;

test::Feed ids() {
  return {{"ids", test::host(test::tensor<std::int64_t>({2, 3}, {0, 5, 5999, -1, -6000, 7}))}};
}

// Lookups are done in INT8 only when INT8 products pay for them.
ModelBuilder with_products(ModelBuilder model) {
  return std::move(model)
      .initializer("A", weight({1, 1024}, 5, 1))
      .initializer("P", weight({1024, 1024}, 6))
      .node("MatMul", {"A", "P"}, {"paid"}, {}, "products")
      .output("paid", ElementType::float32);
}

ModelBuilder table() {
  return ModelBuilder()
      .input("ids", ElementType::int64, {"b", "l"})
      .initializer("E", weight({6000, 48}, 1, 1))
      .node("Gather", {"E", "ids"}, {"h"}, {}, "lookup");
}

TEST_F(SharedWeight, EmbeddingRowsAreGatheredWithNegativeIdsToo) {
  const Result result = quantize(with_products(table().output("h", ElementType::float32)));
  EXPECT_EQ(result.form("lookup"), "embedding_rows");
  EXPECT_EQ(result.ops()["Gather"], 2);
  EXPECT_EQ(result.tensors(ElementType::int8), 2);
  EXPECT_LT(result.error(ids()), close);
}

TEST_F(SharedWeight, EmbeddingRowsAreGatheredWithConstantIds) {
  const Result result =
      quantize(with_products(ModelBuilder()
                                 .input("x", ElementType::float32, {4, 48})
                                 .initializer("E", weight({6000, 48}, 1, 1))
                                 .initializer("ids", test::tensor<std::int64_t>({4}, {0, 1, 2, 3}))
                                 .node("Gather", {"E", "ids"}, {"h"}, {}, "lookup")
                                 .node("Add", {"h", "x"}, {"y"})
                                 .output("y", ElementType::float32)));
  EXPECT_EQ(result.form("lookup"), "embedding_rows");
  EXPECT_LT(result.error({test::input("x", {4, 48})}), close);
}

TEST_F(SharedWeight, RowsThatNothingPaysForAreGatheredAsFloat) {
  const Result result = quantize(table().output("h", ElementType::float32));
  EXPECT_EQ(result.form("lookup"), "folded");
  EXPECT_EQ(result.reason("lookup"), "table");
  EXPECT_EQ(result.ops()["Gather"], 1);
  EXPECT_LT(result.error(ids()), 0.01);
}

TEST_F(SharedWeight, ColumnsAreNotGatheredAsRows) {
  const Result result = quantize(ModelBuilder()
                                     .input("ids", ElementType::int64, {"b", "l"})
                                     .initializer("E", weight({48, 6000}, 1, 1))
                                     .node("Gather", {"E", "ids"}, {"h"}, {attr("axis", 1)}, "g")
                                     .output("h", ElementType::float32));
  EXPECT_NE(result.form("g"), "embedding_rows");
  EXPECT_LT(result.error(ids()), 0.005);
}

TEST_F(SharedWeight, ATiedEmbeddingIsStoredOnceForGatherAndMatMul) {
  for (const char* ops : {"contrib", "standard"}) {
    PlanOptions planning;
    planning.ops = ops;
    const Result result = quantize(table()
                                       .node("Transpose", {"E"}, {"Et"}, {attr("perm", {1, 0})})
                                       .node("MatMul", {"h", "Et"}, {"y"}, {}, "logits")
                                       .output("y", ElementType::float32),
                                   planned(planning));
    EXPECT_EQ(result.form("logits"), "dynamic_matmul");
    EXPECT_EQ(result.form("lookup"), "embedding_rows");
    EXPECT_EQ(result.tensors(ElementType::int8), 1);
    EXPECT_LT(result.bytes.size(), 6000U * 48U + 6000U * 4U + 3000U);
    EXPECT_LT(result.error(ids()), close);
  }
}

TEST_F(SharedWeight, ATiedEmbeddingIsStoredOnceForGatherAndGemm) {
  const Result result = quantize(table()
                                     .node("Flatten", {"h"}, {"f"}, {attr("axis", 2)})
                                     .node("Gemm", {"f", "E"}, {"y"}, {attr("transB", 1)}, "logits")
                                     .output("y", ElementType::float32));
  EXPECT_EQ(result.form("logits"), "dynamic_matmul");
  EXPECT_EQ(result.form("lookup"), "embedding_rows");
  EXPECT_EQ(result.tensors(ElementType::int8), 1);
  EXPECT_LT(result.error(ids()), close);
}

ModelBuilder two_readers() {
  return ModelBuilder()
      .input("x", ElementType::float32, {"n", 256})
      .initializer("W", weight({256, 256}))
      .node("MatMul", {"x", "W"}, {"h"}, {}, "one")
      .node("MatMul", {"h", "W"}, {"y"}, {}, "two");
}
const test::Feed x = {test::input("x", {3, 256})};

TEST_F(SharedWeight, AWeightOfTwoMatMulsIsStoredOnce) {
  const Result result = quantize(two_readers().output("y", ElementType::float32));
  EXPECT_EQ(result.ops()["DynamicQuantizeMatMul"], 2);
  EXPECT_EQ(result.tensors(ElementType::int8), 1);
  EXPECT_EQ(result.decision("two").bytes_before(), 0U);  // counted with the first reader
  EXPECT_LT(result.error(x), close);
}

TEST_F(SharedWeight, AnExcludedReaderKeepsTheFloatForAll) {
  PlanOptions planning;
  planning.exclude = {"two"};
  const Result result =
      quantize(two_readers().output("y", ElementType::float32), planned(planning));
  EXPECT_EQ(result.bytes, result.model);
  EXPECT_EQ(result.reason("one"), "shared");
  EXPECT_EQ(result.reason("two"), "excluded");
}

TEST_F(SharedWeight, AWeightThatIsAnOutputStaysFloat) {
  const Result result = quantize(two_readers()
                                     .output("y", ElementType::float32)
                                     .output("W", ElementType::float32, {256, 256}));
  EXPECT_EQ(result.bytes, result.model);
  EXPECT_EQ(result.reason("one"), "output");
}

TEST_F(SharedWeight, ReadersOfBothOrientationsShareOneTensor) {
  const Result result = quantize(ModelBuilder()
                                     .input("x", ElementType::float32, {"n", 256})
                                     .initializer("W", weight({256, 256}))
                                     .node("MatMul", {"x", "W"}, {"h"}, {}, "one")
                                     .node("Gemm", {"h", "W"}, {"y"}, {attr("transB", 1)}, "two")
                                     .output("y", ElementType::float32));
  EXPECT_EQ(result.tensors(ElementType::int8), 1);
  EXPECT_LT(result.error(x), close);
}

TEST_F(SharedWeight, OneReaderWithAlphaAndOneWithoutDoNotGetEachOthersNumbers) {
  const Result result = quantize(ModelBuilder()
                                     .input("x", ElementType::float32, {"n", 256})
                                     .initializer("W", weight({256, 256}))
                                     .node("MatMul", {"x", "W"}, {"h"}, {}, "one")
                                     .node("Gemm", {"h", "W"}, {"y"}, {attr("alpha", 3.0)}, "two")
                                     .output("y", ElementType::float32));
  EXPECT_LE(result.tensors(ElementType::int8), 1);
  EXPECT_LT(result.error(x), close);
}

TEST_F(SharedWeight, AReaderOfTheFloatReadsItFolded) {
  const Result result = quantize(ModelBuilder()
                                     .input("x", ElementType::float32, {256, 256})
                                     .initializer("W", weight({256, 256}))
                                     .node("MatMul", {"x", "W"}, {"h"}, {}, "one")
                                     .node("Add", {"h", "W"}, {"y"}, {}, "two")
                                     .output("y", ElementType::float32));
  EXPECT_LE(result.tensors(ElementType::int8), 1);
  EXPECT_LT(result.error({test::input("x", {256, 256})}), close);
}

TEST_F(SharedWeight, NamesOfTheResultDoNotCollide) {
  const Result result = quantize(ModelBuilder()
                                     .input("x", ElementType::float32, {"n", 256})
                                     .initializer("W", weight({256, 256}))
                                     .initializer("W_quantized", weight({256, 256}, 2))
                                     .initializer("W_scale", weight({256}, 3))
                                     .node("MatMul", {"x", "W"}, {"h"})
                                     .node("MatMul", {"h", "W_quantized"}, {"i"})
                                     .node("MatMul", {"i", "W"}, {"j"})
                                     .node("Mul", {"j", "W_scale"}, {"octet_zero_point_int8"})
                                     .node("Relu", {"octet_zero_point_int8"}, {"y"})
                                     .output("y", ElementType::float32));
  EXPECT_EQ(result.ops()["DynamicQuantizeMatMul"], 3);
  EXPECT_EQ(result.weight("MatMul#1").name, "W_quantized");
  EXPECT_LT(result.error(x), close);
}

}  // namespace
}  // namespace octet::forms
