// Labels, places, sources and facts.
#include "forms/survey.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

#include "support/sample_models.hpp"

namespace octet::forms {
namespace {

using base::ElementType;
using test::attr;
using test::GraphBuilder;
using test::ModelBuilder;
using test::weight;

struct Surveyed {
  explicit Surveyed(const ModelBuilder& builder)
      : bytes(builder.bytes()), graph(graph::Graph::import(test::source(bytes))), survey(graph) {}
  test::ModelBytes bytes;
  graph::Graph graph;
  Survey survey;
};

void expect_unique(const Survey& survey) {
  std::set<std::string> seen;
  for (graph::NodeId node = 0; node < survey.graph().nodes().size(); ++node) {
    const std::string& label = survey.labels().of(node);
    EXPECT_FALSE(label.empty());
    EXPECT_TRUE(seen.insert(label).second) << label;
    EXPECT_EQ(survey.labels().find(label), node) << label;
  }
}

GraphBuilder branch(const std::string& name) {
  return GraphBuilder()
      .node("Relu", {"x"}, {name + "t"}, {}, "same")
      .node("Relu", {name + "t"}, {name})
      .output(name, ElementType::float32);
}

TEST(Labels, AreUniqueWhateverTheNamesInTheFile) {
  const Surveyed model(
      ModelBuilder()
          .input("x", ElementType::float32, {2})
          .input("c", ElementType::boolean, {})
          .node("If", {"c"}, {"a"},
                {attr("then_branch", branch("p")), attr("else_branch", branch("q"))}, "cond")
          .node("If", {"c"}, {"b"},
                {attr("then_branch", branch("r")), attr("else_branch", branch("s"))}, "cond")
          .node("Relu", {"a"}, {"d"}, {}, "Relu#3")
          .node("Relu", {"d"}, {"e"})
          .node("Relu", {"e"}, {"f"}, {}, "If#0/then_branch/Relu#0")
          .node("Relu", {"f"}, {"g"}, {}, "\xff\xfe")
          .node("Relu", {"g"}, {"h"}, {}, "\\xff\\xfe")
          .output("h", ElementType::float32));
  expect_unique(model.survey);
  EXPECT_TRUE(model.survey.labels().find("Relu#3"));    // the file's own name stays
  EXPECT_TRUE(model.survey.labels().find("Relu#3~2"));  // what was made up gives way
  EXPECT_TRUE(model.survey.labels().find("If#0/then_branch/Relu#0"));
  EXPECT_EQ(readable("a\xffz\xc3\xa9"), "a\\xffz\xc3\xa9");
}

TEST(Labels, AreUniqueInEveryModelAtHand) {
  const auto files = test::model_files();
  if (files.empty()) GTEST_SKIP() << "no models are there: set OCTET_MODELS";
  for (const auto& file : files) {
    try {
      const graph::Graph graph = graph::Graph::import(file);
      expect_unique(Survey(graph));
    } catch (const Error& error) {  // some cases are there to be refused
      EXPECT_EQ(error.code(), ErrorCode::invalid_model) << error.what();
    }
  }
}

TEST(Sources, FollowChainsOfAnyLengthAndOutOfSubgraphs) {
  ModelBuilder model;
  model.input("x", ElementType::float32, {3, 6})
      .input("c", ElementType::boolean, {})
      .initializer("W", weight({2, 2, 3, 1}))
      .initializer("four", test::tensor<std::int64_t>({2}, {2, -1}))
      .node("Reshape", {"W", "four"}, {"v0"})
      .node("Transpose", {"v0"}, {"v1"}, {attr("perm", {1, 0})})
      .node("Unsqueeze", {"v1"}, {"v2"}, {attr("axes", {0})})
      .node("Squeeze", {"v2"}, {"v3"});
  for (int i = 3; i < 200; ++i)
    model.node("Identity", {"v" + std::to_string(i)}, {"v" + std::to_string(i + 1)});
  model.node("If", {"c"}, {"y"},
             {attr("then_branch", GraphBuilder()
                                      .node("MatMul", {"x", "v200"}, {"p"}, {}, "inside")
                                      .output("p", ElementType::float32)),
              attr("else_branch",
                   GraphBuilder().node("Relu", {"x"}, {"q"}).output("q", ElementType::float32))});
  const Surveyed read(model.output("y", ElementType::float32));
  const Place* place =
      read.survey.place(*read.survey.labels().find("If#201/then_branch/inside"), 1);
  ASSERT_NE(place, nullptr);
  ASSERT_NE(place->source.constant, graph::none);
  EXPECT_EQ(place->source.view.dims, (std::vector<std::int64_t>{6, 2}));
  EXPECT_EQ(place->source.view.strides, (std::vector<std::int64_t>{1, 6}));
  EXPECT_EQ(read.survey.passages(*place).size(), 201U);
}

TEST(Places, AreEveryReaderOfEveryFloatAndWeightsThatAreComputed) {
  const Surveyed read(ModelBuilder()
                          .input("x", ElementType::float32, {"n", 4})
                          .input("w", ElementType::float32, {4, 4})
                          .initializer("W", weight({4, 4}))
                          .initializer("i", test::tensor<std::int64_t>({1}, {0}))
                          .node("MatMul", {"x", "W"}, {"h"}, {}, "constant")
                          .node("MatMul", {"h", "w"}, {"y"}, {}, "computed")
                          .output("y", ElementType::float32));
  ASSERT_EQ(read.survey.places().size(), 2U);
  EXPECT_NE(read.survey.places()[0].source.constant, graph::none);
  EXPECT_EQ(read.survey.places()[1].source.constant, graph::none);
}

TEST(Rows, FollowFromShapesAndNamedDimensions) {
  const test::ModelBytes bytes = ModelBuilder()
                                     .input("x", ElementType::float32, {"batch", 7, 4})
                                     .node("Relu", {"x"}, {"y"})
                                     .output("y", ElementType::float32)
                                     .bytes();
  const graph::Graph graph = graph::Graph::import(test::source(bytes));
  const graph::ValueId y = graph.node(0).outputs[0];
  EXPECT_EQ(Survey(graph).rows(y), 0);
  EXPECT_EQ(Survey(graph, {{"batch", 3}}).rows(y), 21);
}

TEST(Facts, AreThoseOfEveryNumber) {
  auto values = test::normal_floats(300000, 3);
  values[299999] = -77;
  const auto facts_with = [&](std::size_t at, float number) {
    auto changed = values;
    changed[at] = number;
    const Surveyed read(ModelBuilder()
                            .input("x", ElementType::float32, {1, 300})
                            .initializer("W", test::tensor<float>({300, 1000}, changed))
                            .node("MatMul", {"x", "W"}, {"y"})
                            .output("y", ElementType::float32));
    return read.survey.facts(0);
  };
  EXPECT_TRUE(facts_with(0, 0).finite);
  EXPECT_EQ(facts_with(0, 0).max_abs, 77);
  EXPECT_FALSE(facts_with(150000, std::numeric_limits<float>::quiet_NaN()).finite);
  EXPECT_FALSE(facts_with(299998, -std::numeric_limits<float>::infinity()).finite);
}

}  // namespace
}  // namespace octet::forms
