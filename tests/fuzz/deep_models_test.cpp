// Models that are deep or wide, through the whole way: no walk is by recursion, none takes time
// that grows with the square of the model. No test looks at a clock; what does grow so does not
// end.
#include <gtest/gtest.h>

#include "fuzz/whole_way.hpp"

namespace octet {
namespace {

using base::ElementType;
using test::attr;
using test::GraphBuilder;
using test::ModelBuilder;
using test::weight;

constexpr int deep = 120'000;

ModelBuilder with_x() {
  ModelBuilder model;
  model.input("x", ElementType::float32, {"n", 64}).output("y", ElementType::float32);
  model.initializer("W", weight({64, 64}));
  return model;
}

// `op` again and again, from `start` on; the name of the last result.
std::string chain(ModelBuilder& model, const char* op, std::string start) {
  for (int i = 0; i < deep; ++i) {
    std::string next = op + std::to_string(i);
    model.node(op, {start}, {next});
    start = std::move(next);
  }
  return start;
}

TEST(DeepModels, OfActivationsInARowAreCarriedThrough) {
  for (const char* op : {"Identity", "Relu"}) {
    ModelBuilder model = with_x();
    model.node("MatMul", {"x", "W"}, {"h"});
    model.node("MatMul", {chain(model, op, "h"), "W"}, {"y"});
    EXPECT_EQ(test::decisions_of(model.bytes()), 2U) << op;
  }
}

TEST(DeepModels, OfViewsOfOneWeightInARowAreCarriedThrough) {
  for (const char* op : {"Identity", "Transpose"}) {
    ModelBuilder model = with_x();
    model.node("MatMul", {"x", chain(model, op, "W")}, {"y"});
    EXPECT_EQ(test::decisions_of(model.bytes()), 1U) << op;
  }
}

TEST(DeepModels, OfProductsInARowAreCarriedThrough) {
  ModelBuilder model = with_x();
  std::string last = "x";
  for (int i = 0; i < deep / 2; ++i) {
    const std::string product = "p" + std::to_string(i);
    const std::string sum = "s" + std::to_string(i);
    model.node("MatMul", {last, "W"}, {product}).node("Add", {product, last}, {sum});
    last = sum;
  }
  model.node("Relu", {last}, {"y"});
  EXPECT_EQ(test::decisions_of(model.bytes()), std::size_t{deep / 2});
}

// Every new name but the first needs a number behind it.
TEST(WideModels, OfSubgraphsThatShareNamesAreCarriedThrough) {
  const auto branch = [](int seed) {
    return GraphBuilder()
        .initializer("same", weight({64, 64}, seed))
        .node("MatMul", {"x", "same"}, {"t"}, {}, "same")
        .output("t", ElementType::float32);
  };
  const GraphBuilder yes = branch(1);
  const GraphBuilder no = branch(2);
  ModelBuilder model = with_x();
  model.input("c", ElementType::boolean, {});
  for (int i = 0; i < 4000; ++i) {
    model.node("If", {"c"}, {"v" + std::to_string(i)},
               {attr("then_branch", yes), attr("else_branch", no)}, "same");
  }
  model.node("Relu", {"v0"}, {"y"});
  EXPECT_EQ(test::decisions_of(model.bytes()), 8000U);
}

}  // namespace
}  // namespace octet
