#include "graph/input_dims.hpp"

#include <gtest/gtest.h>

#include "graph/written_test.hpp"
#include "support/places.hpp"
#include "support/temporary_folder.hpp"

namespace octet::graph {
namespace {

using base::ElementType;
using test::attr;
using test::ModelBuilder;
using test::ModelBytes;
using test::tensor;
using test::weight;

// "x[n, 3] m[n]"
std::string text(const std::vector<InputDims>& inputs) {
  std::string out;
  for (const InputDims& input : inputs)
    out += (out.empty() ? "" : " ") + input.name + to_text(input.demanded);
  return out;
}

std::string demanded(const ModelBuilder& model) {
  const ModelBytes bytes = model.bytes();
  return text(input_dims(Graph::import(test::source(bytes))));
}

TEST(InputDims, ReadTheChannelsOfAConvolutionFromItsWeight) {
  EXPECT_EQ(demanded(ModelBuilder()
                         .input("x", ElementType::float32, {"n", "c", "h", "w"})
                         .initializer("F", weight({8, 2, 3, 3}))
                         .node("Relu", {"x"}, {"r"})
                         .node("Conv", {"r", "F"}, {"y"}, {attr("group", 4)})
                         .output("y", ElementType::float32)),
            "x[n, 8, h, w]");
}

TEST(InputDims, ReadTheRowsOfAWeightThroughTransposesAndReshapes) {
  const auto model = [](const test::Dims& dims) {
    return ModelBuilder()
        .input("x", ElementType::float32, dims)
        .initializer("W", weight({16, 4}))
        .node("Transpose", {"x"}, {"t"}, {attr("perm", {1, 0})})
        .node("Tanh", {"t"}, {"r"})
        .node("MatMul", {"r", "W"}, {"y"})
        .output("y", ElementType::float32);
  };
  EXPECT_EQ(demanded(model({"k", "n"})), "x[16, n]");
  EXPECT_EQ(demanded(model({"", ""})), "x[16, ?]");
}

TEST(InputDims, GiveEqualSymbolsTheSameSize) {
  EXPECT_EQ(demanded(ModelBuilder()
                         .input("x", ElementType::float32, {"n", "k"})
                         .input("z", ElementType::float32, {"k"})
                         .initializer("W", weight({16, 4}))
                         .node("MatMul", {"x", "W"}, {"y"})
                         .node("Relu", {"z"}, {"o"})
                         .output("y", ElementType::float32)),
            "x[n, 16] z[16]");
}

TEST(InputDims, TieAxesThatMeet) {
  EXPECT_EQ(demanded(ModelBuilder()
                         .input("a", ElementType::float32, {"", 3})
                         .input("b", ElementType::float32, {"m", 5})
                         .node("Concat", {"a", "b"}, {"y"}, {attr("axis", 1)})
                         .output("y", ElementType::float32)),
            "a[m, 3] b[m, 5]");
  EXPECT_EQ(demanded(ModelBuilder()
                         .input("a", ElementType::float32, {"", 3})
                         .input("b", ElementType::float32, {"", 3})
                         .node("Add", {"a", "b"}, {"y"})
                         .output("y", ElementType::float32)),
            "a[b.0, 3] b[b.0, 3]");
}

TEST(InputDims, FindThatAMaskCoversThePastAndTheNewTokens) {
  const ModelBuilder model = ModelBuilder()
                                 .input("past", ElementType::float32, {"batch", "p", 8})
                                 .input("now", ElementType::float32, {"batch", "s", 8})
                                 .input("mask", ElementType::float32, {"batch", "total"})
                                 .node("Concat", {"past", "now"}, {"keys"}, {attr("axis", 1)})
                                 .node("ReduceSum", {"keys"}, {"sums"}, {attr("keepdims", 0)})
                                 .initializer("l", tensor<std::int64_t>({1}, {2}))
                                 .node("Squeeze", {"keys2", "l"}, {"rows"})
                                 .node("ReduceMax", {"keys"}, {"keys2"}, {attr("axes", {2})})
                                 .node("Mul", {"rows", "mask"}, {"y"})
                                 .output("y", ElementType::float32);
  EXPECT_EQ(demanded(model), "past[batch, p, 8] now[batch, s, 8] mask[batch, p + s]");
}

TEST(InputDims, TakeTheSizeThatNeedsNoBroadcasting) {
  EXPECT_EQ(demanded(ModelBuilder()
                         .input("x", ElementType::float32, {"n", "k"})
                         .initializer("b", weight({7}))
                         .node("Add", {"x", "b"}, {"y"})
                         .output("y", ElementType::float32)),
            "x[n, 7]");
}

TEST(InputDims, LeaveContradictionsAndUnknownRanksAlone) {
  EXPECT_EQ(demanded(ModelBuilder()
                         .input("x", ElementType::float32, {"n", "k"})
                         .input("u", ElementType::float32)
                         .initializer("A", weight({7, 2}))
                         .initializer("B", weight({9, 2}))
                         .node("MatMul", {"x", "A"}, {"y"})
                         .node("MatMul", {"x", "B"}, {"z"})
                         .output("y", ElementType::float32)),
            "x[n, 7]");
}

TEST(InputDims, AddUpSymbols) {
  const std::map<std::string, std::int64_t> sizes = {{"past_sequence_length", 3}, {"n", 4}};
  EXPECT_EQ(size_of_symbol("past_sequence_length + n", sizes), 7);
  EXPECT_EQ(size_of_symbol("n+1", sizes), 5);
  EXPECT_EQ(size_of_symbol("n", sizes), 4);
  EXPECT_EQ(size_of_symbol("n + m", sizes), std::nullopt);
  EXPECT_EQ(size_of_symbol("2*n", sizes), std::nullopt);
  EXPECT_EQ(size_of_symbol("+", sizes), std::nullopt);
  EXPECT_EQ(size_of_symbol("", sizes), std::nullopt);
}

}  // namespace
}  // namespace octet::graph
