// 20,000 damaged models through the whole way in memory: each is refused with an Error or gives a
// model; nothing else may happen. Run it with OCTET_SANITIZE to make "nothing else" strict.
#include <gtest/gtest.h>

#include "fuzz/model_seeds.hpp"
#include "fuzz/mutator.hpp"
#include "graph/fill.hpp"
#include "graph/layout.hpp"
#include "plan/apply.hpp"
#include "plan/planner.hpp"

namespace octet {
namespace {

using test::ModelBytes;

struct Outcome {
  int refused = 0;
  int written = 0;
};

void quantize(const ModelBytes& model, const PlanOptions& options, Outcome& outcome) {
  try {
    const graph::Graph graph = graph::Graph::import(test::source(model));
    graph::Overlay overlay(graph);
    const forms::Survey survey(graph);
    const Plan plan = plan::make(survey, options);
    try {
      (void)plan::apply(survey, plan, overlay);
    } catch (const Error& error) {
      FAIL() << "a plan of our own was refused: " << error.what();
    }
    const graph::Layout layout = graph::lay_out(overlay, {});
    ASSERT_LT(layout.model_bytes, 4 * model.size() + 100000);
    ModelBytes out(layout.model_bytes);
    graph::fill(overlay, layout, out, {}, {.threads = 1, .progress = {}, .release = {}});
    (void)graph::Graph::import(test::source(out));  // what was written can be read
    ++outcome.written;
  } catch (const Error& error) {
    ++outcome.refused;
    ASSERT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
  }
}

TEST(Mutation, NeverCrashesAndRefusesOnlyWithAnError) {
  Outcome outcome;
  test::Mutator mutator(20240607);
  const std::vector<ModelBytes> models = test::model_seeds();
  PlanOptions contrib;
  contrib.costs = test::int8_always_pays();
  PlanOptions standard = contrib;
  standard.ops = "standard";
  standard.weight_type = "uint8";
  for (int i = 0; i < 20000; ++i) {
    ModelBytes model = models[static_cast<std::size_t>(i) % models.size()];
    mutator.damage(model);
    quantize(model, i % 2 == 0 ? contrib : standard, outcome);
    if (HasFatalFailure()) FAIL() << "mutation " << i;
  }
  // Both kinds must be common, or the mutations test nothing.
  EXPECT_GT(outcome.refused, 4000);
  EXPECT_GT(outcome.written, 2000);
}

}  // namespace
}  // namespace octet
