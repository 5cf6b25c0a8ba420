// What is fed, in which calls, and what is kept.
#include "trial/trial.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "support/endless_model.hpp"
#include "support/host_tensors.hpp"
#include "support/sample_models.hpp"
#include "trial/batches.hpp"
#include "trial/model.hpp"
#include "trial/observe.hpp"

namespace octet::trial {
namespace {

using base::ElementType;
using test::ModelBuilder;
using test::ModelBytes;
using test::weight;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Ge;
using ::testing::HasSubstr;

Array array(const std::string& name, std::vector<std::int64_t> shape) {
  Array out{name, "float32", shape, {}, {}};
  const std::vector<float> values = test::normal_floats(test::count_of(shape), 1);
  out.bytes.resize(values.size() * sizeof(float));
  std::memcpy(out.bytes.data(), values.data(), out.bytes.size());
  return out;
}

class Trials : public test::OrtTest {
 protected:
  [[nodiscard]] static runtime::Session open(const ModelBytes& model) {
    return open_session(test::ort(), test::source(model), {});
  }
  [[nodiscard]] static Trial trial(const ModelBytes& model, Settings settings = {}) {
    runtime::Session session = open(model);
    auto inputs = model_inputs(test::source(model), session);
    return {std::move(session), std::move(inputs), std::move(settings)};
  }
};

// Takes from every row what the rows have in common.
ModelBytes centred() {
  return ModelBuilder()
      .input("x", ElementType::float32, {"batch", 8})
      .node("ReduceMean", {"x"}, {"mean"}, {test::attr("axes", {0})})
      .node("Sub", {"x", "mean"}, {"y"})
      .output("y", ElementType::float32, {"batch", 8})
      .bytes();
}

TEST_F(Trials, GiveRowsOneAtATimeWhereTheyStandAlone) {
  const Trial seeded = trial(test::mlp().bytes());
  EXPECT_EQ(seeded.batch(), 1);
  EXPECT_EQ(seeded.rows(), 64U);
  EXPECT_EQ(seeded.size(), 64U);
  EXPECT_EQ(seeded.description(), "seeded inputs (seed 0, 64 rows)");
  EXPECT_FALSE(seeded.rows_depend());
}

TEST_F(Trials, GiveRowsThatDependOnEachOtherInOneCall) {
  Settings settings;
  settings.data.arrays = {array("x", {6, 8})};
  const Trial whole = trial(centred(), settings);
  EXPECT_TRUE(whole.rows_depend());
  EXPECT_EQ(whole.batch(), 6);
  EXPECT_EQ(whole.size(), 1U);
}

TEST_F(Trials, HonourTheBatchThatIsAskedFor) {
  Settings settings;
  settings.batch = 4;
  settings.data.arrays = {array("x", {6, 256})};
  const Trial fours = trial(test::mlp().bytes(), settings);
  EXPECT_EQ(fours.batch(), 4);
  EXPECT_EQ(fours.size(), 2U);
  EXPECT_THAT(fours.feed(1)[0].tensor.dims, ElementsAre(2, 256));
}

TEST_F(Trials, GiveInputsOfDifferentFirstDimensionsInOneCall) {
  const ModelBytes graph_network =
      ModelBuilder()
          .input("atoms", ElementType::float32, {"atoms", 4})
          .input("bonds", ElementType::float32, {"bonds", 4})
          .node("Concat", {"atoms", "bonds"}, {"y"}, {test::attr("axis", 0)})
          .output("y", ElementType::float32)
          .bytes();
  Settings settings;
  settings.data.arrays = {array("atoms", {5, 4}), array("bonds", {9, 4})};
  Trial whole = trial(graph_network, settings);
  EXPECT_EQ(whole.size(), 1U);
  EXPECT_FALSE(whole.has_free_rows());
  EXPECT_THAT(whole.answers(0)->at(0).tensor.dims, ElementsAre(14, 4));
}

TEST_F(Trials, TakeAxesThatShareAQuestionMarkAsTheyAre) {
  const ModelBytes pages = ModelBuilder()
                               .input("x", ElementType::float32, {"batch", 3, "?", "?"})
                               .node("GlobalAveragePool", {"x"}, {"y"})
                               .output("y", ElementType::float32)
                               .bytes();
  Settings settings;
  settings.data.arrays = {array("x", {1, 3, 48, 192})};
  EXPECT_EQ(trial(pages, settings).rows(), 1U);
  const Trial made_up = trial(pages);
  EXPECT_THAT(made_up.description(), HasSubstr("x:2 = 224, x:3 = 224"));
}

TEST_F(Trials, ReadSizesFromTheGraph) {
  const ModelBytes conv = ModelBuilder()
                              .input("x", ElementType::float32, {1, "c", 20, 20})
                              .initializer("w", weight({4, 7, 3, 3}))
                              .node("Conv", {"x", "w"}, {"y"})
                              .output("y", ElementType::float32)
                              .bytes();
  const Trial found = trial(conv);
  EXPECT_TRUE(found.sizes_known());
  EXPECT_THAT(found.description(), HasSubstr("c = 7"));
}

TEST_F(Trials, KeepAnswersUpToALimit) {
  Trial keeps = trial(test::mlp().bytes());
  EXPECT_EQ(keeps.answers(0).get(), keeps.answers(0).get());
  Settings settings;
  settings.keep_bytes = 0;
  Trial forgets = trial(test::mlp().bytes(), settings);
  const auto first = forgets.answers(0);
  const auto again = forgets.answers(0);
  EXPECT_NE(first.get(), again.get());
  EXPECT_EQ(first->at(0).tensor.bytes, again->at(0).tensor.bytes);
}

TEST_F(Trials, TellHowMuchRowsOfACallChangeEachOther) {
  const ModelBytes model = test::mlp().bytes();
  const Trial one = trial(model);
  const auto floating = one.coupling(open(model));
  const auto quantized = one.coupling(open(test::quantized(model)));
  ASSERT_TRUE(floating && quantized);
  EXPECT_EQ(quantized->rows, 32);
  EXPECT_LT(floating->max_abs_diff, 1e-5);
  EXPECT_GT(quantized->max_abs_diff, 1e-4);
}

TEST_F(Trials, KeepTheRowsOfACallThatADimensionGives) {
  Settings settings;
  settings.data.dims = {{"batch", 5}};
  settings.most_rows = 1;
  const Trial fives = trial(test::mlp().bytes(), settings);
  EXPECT_EQ(fives.batch(), 5);
  EXPECT_EQ(fives.size(), 1U);
  EXPECT_FALSE(fives.has_free_rows());
}

// A run that was ended says nothing of the feed.
TEST_F(Trials, TakeAStoppedRunForNoAnswer) {
  runtime::SessionOptions how;
  how.control.limit_seconds = 0.05;
  const ModelBytes model = test::endless_model().bytes();
  const runtime::Session session = open_session(test::ort(), test::source(model), how);
  const data::Feed feed = {test::input("x", {8, 64})};
  (void)test::refusal(ErrorCode::timed_out, [&] { (void)runs(session, feed); });
  (void)test::refusal(ErrorCode::timed_out,
                      [&] { (void)together_and_apart(session, feed, {feed}); });
}

TEST_F(Trials, RefuseANegativeBatch) {
  Settings settings;
  settings.batch = -1;
  EXPECT_EQ(test::refusal(ErrorCode::invalid_argument,
                          [&] { (void)trial(test::mlp().bytes(), settings); }),
            "--batch is -1; give 0 or more rows");
}

TEST_F(Trials, ObserveAScalarThatHasNoColumns) {
  const ModelBytes model = ModelBuilder()
                               .input("x", ElementType::float32, {"batch", 8})
                               .node("ReduceMax", {"x"}, {"most"}, {test::attr("keepdims", 0)})
                               .node("Sub", {"x", "most"}, {"y"})
                               .output("y", ElementType::float32)
                               .bytes();
  ObserveOptions options;
  options.columns = true;
  const auto seen = observe(trial(model), test::ort(), test::source(model), {"most"}, options);
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_TRUE(seen[0].dims.empty());
  EXPECT_TRUE(seen[0].column_low.empty());
}

TEST_F(Trials, StopBeforeARunWhenTheCallbackSaysSo) {
  Settings settings;
  bool go_on = true;
  settings.progress = [&](const Progress&) { return go_on; };
  Trial stopped = trial(test::mlp().bytes(), settings);
  go_on = false;
  EXPECT_THROW((void)stopped.answers(0), Error);
  EXPECT_THROW((void)stopped.run(stopped.reference(), 0), Error);
}

TEST_F(Trials, ObserveShapesAndRangesOfValuesInside) {
  const ModelBytes model = test::mlp().bytes();
  ObserveOptions options;
  options.columns = true;
  const Trial seeded = trial(model);
  const auto seen = observe(seeded, test::ort(), test::source(model), {"h2", "y", "h0"}, options);
  ASSERT_EQ(seen.size(), 3U);
  EXPECT_EQ(seen[0].value, "h2");
  EXPECT_THAT(seen[0].dims, ElementsAre(1, 256));
  EXPECT_EQ(seen[0].low, 0);  // behind a Relu
  EXPECT_GT(seen[0].high, 0);
  EXPECT_EQ(seen[0].elements, 64U * 256U);
  EXPECT_EQ(seen[0].column_low.size(), 256U);
  EXPECT_THAT(seen[0].column_low, Each(Ge(0)));
  EXPECT_LT(seen[2].low, 0);
  EXPECT_EQ(seen[1].dims.back(), 240);
  EXPECT_THROW((void)observe(seeded, test::ort(), test::source(model), {"no such value"}), Error);
}

}  // namespace
}  // namespace octet::trial
