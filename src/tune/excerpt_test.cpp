// A node cut out of a model gives what it gives there.
#include "tune/excerpt.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "support/in_memory.hpp"
#include "support/sample_models.hpp"
#include "support/temporary_folder.hpp"
#include "tune/node_times.hpp"

namespace octet::tuning {
namespace {

using base::ElementType;
using test::ModelBuilder;
using test::weight;

std::vector<std::byte> model() {
  return ModelBuilder()
      .input("x", ElementType::float32, {"n", 32})
      .initializer("W1", weight({32, 16}, 1))
      .initializer("W2", weight({8, 16}, 2))
      .node("MatMul", {"x", "W1"}, {"a"}, {}, "one")
      .node("Transpose", {"W2"}, {"t"}, {}, "turn")
      .node("MatMul", {"a", "t"}, {"y"}, {}, "two")
      .output("y", ElementType::float32, {"n", 8})
      .bytes();
}

TEST(Excerpt, TakesWhatHandsTheWeightOnAlong) {
  const auto bytes = model();
  const graph::Graph graph = graph::Graph::import(test::source(bytes));
  const forms::Survey survey(graph);
  const auto node = survey.labels().find("two");
  ASSERT_TRUE(node);
  EXPECT_EQ(inputs_of(survey, *node), std::vector<std::string>{"a"});
  const auto cut = excerpt(survey, *node, {{"a", ElementType::float32, {5, 16}}});
  ASSERT_TRUE(cut);
  const octet::ModelSource source(std::as_bytes(std::span(cut->model)));
  const graph::Graph alone = graph::Graph::import(source);
  EXPECT_EQ(alone.nodes().size(), 2U);
  EXPECT_EQ(alone.constants().size(), 1U);
  EXPECT_EQ(cut->output, "y");
}

TEST(Excerpt, IsNotMadeWithoutSizes) {
  const auto bytes = model();
  const graph::Graph graph = graph::Graph::import(test::source(bytes));
  const forms::Survey survey(graph);
  const auto node = survey.labels().find("two");
  EXPECT_FALSE(excerpt(survey, *node, {}));
  EXPECT_FALSE(excerpt(survey, *node, {{"a", ElementType::float32, {-1, 16}}}));
}

TEST(TimeCache, IsReadAgainAndLeavesDamagedLinesOut) {
  const test::TemporaryFolder folder;
  TimeCache(folder.path(), "cpu", "1.2").add("key", {3, 2});
  for (const auto& file : std::filesystem::directory_iterator(folder.path())) {
    std::ofstream(file.path(), std::ios::app) << "{\"key\": \"key\", \"float_us\"\nnonsense\n";
  }
  const TimeCache again(folder.path(), "cpu", "1.2");
  ASSERT_TRUE(again.find("key"));
  EXPECT_EQ(again.find("key")->choice_us, 2);
  EXPECT_FALSE(TimeCache(folder.path(), "other cpu", "1.2").find("key"));
  EXPECT_FALSE(TimeCache(folder.path(), "cpu", "1.3").find("key"));
  EXPECT_FALSE(TimeCache({}, "cpu", "1.2").find("key"));
}

}  // namespace
}  // namespace octet::tuning
