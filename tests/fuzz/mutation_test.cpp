// 20,000 damaged models through the whole way in memory: each is refused with an Error or gives a
// model; nothing else may happen. Run it with OCTET_SANITIZE to make "nothing else" strict.
#include <gtest/gtest.h>

#include <random>

#include "graph/fill.hpp"
#include "graph/layout.hpp"
#include "plan/apply.hpp"
#include "plan/planner.hpp"
#include "support/sample_models.hpp"

namespace octet {
namespace {

using test::ModelBytes;

class Mutator {
 public:
  explicit Mutator(unsigned seed) : random_(seed) {}

  // One to four changes.
  void damage(ModelBytes& model) {
    for (std::uint32_t n = below(4) + 1; n > 0 && !model.empty(); --n) change(model);
  }

 private:
  std::uint32_t below(std::size_t n) { return static_cast<std::uint32_t>(random_() % n); }

  // Most places lie inside weights, where a change changes nothing: take one near the structure,
  // that is near a letter, most of the time.
  std::size_t place(const ModelBytes& model) {
    for (int tries = 0; tries < 40; ++tries) {
      const std::size_t at = below(model.size());
      const auto is_letter = [&](std::size_t i) {
        const int c = i < model.size() ? std::to_integer<int>(model[i]) : 0;
        return std::isalpha(c) != 0;
      };
      if (is_letter(at + 2) && is_letter(at + 3)) return at;
    }
    return below(model.size());
  }

  void change(ModelBytes& model) {
    const std::size_t at = place(model);
    const auto here = model.begin() + static_cast<std::ptrdiff_t>(at);
    switch (below(6)) {
      case 0:
        *here ^= static_cast<std::byte>(1U << below(8));
        break;
      case 1:  // another length, or another tag
        *here = static_cast<std::byte>(below(256));
        break;
      case 2:  // a length beyond everything
        for (std::size_t i = at; i < std::min(at + 9, model.size()); ++i)
          model[i] = std::byte{0xff};
        break;
      case 3:
        model.resize(at);
        break;
      case 4: {  // a piece is missing
        const std::size_t size = std::min<std::size_t>(below(20), model.size() - at);
        model.erase(here, here + static_cast<std::ptrdiff_t>(size));
        break;
      }
      default: {  // a piece stands somewhere else too
        const std::size_t from = place(model);
        const std::size_t size = std::min<std::size_t>(below(40), model.size() - from);
        const ModelBytes piece(model.begin() + static_cast<std::ptrdiff_t>(from),
                               model.begin() + static_cast<std::ptrdiff_t>(from + size));
        model.insert(model.begin() + static_cast<std::ptrdiff_t>(at), piece.begin(), piece.end());
      }
    }
  }

  std::mt19937 random_;
};

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

// Weights small enough to be quick, large enough for every form.
std::vector<ModelBytes> seeds() {
  using base::ElementType;
  return {test::mlp(128, 128).bytes(),
          test::ModelBuilder()
              .ir_version(3)
              .input("ids", ElementType::int64, {"b"})
              .initializer("E", test::typed(test::weight({1100, 16})))
              .node("Gather", {"E", "ids"}, {"h"}, {}, "lookup")
              .constant("K", test::weight({16, 70}))
              .node("MatMul", {"h", "K"}, {"y"})
              .output("y", ElementType::float32, {"b", 70})
              .bytes(),
          test::ModelBuilder()
              .input("x", ElementType::float32, {1, 8, 5, 5})
              .input("c", ElementType::boolean, {})
              .initializer("W", test::weight({16, 8, 3, 3}))
              .node("If", {"c"}, {"y"},
                    {test::attr("then_branch", test::GraphBuilder()
                                                   .node("Conv", {"x", "W"}, {"p"})
                                                   .output("p", ElementType::float32)),
                     test::attr("else_branch", test::GraphBuilder()
                                                   .node("Identity", {"x"}, {"p"})
                                                   .output("p", ElementType::float32))})
              .output("y", ElementType::float32)
              .bytes()};
}

TEST(Mutation, NeverCrashesAndRefusesOnlyWithAnError) {
  Outcome outcome;
  Mutator mutator(20240607);
  const std::vector<ModelBytes> models = seeds();
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
