// Random graphs with everything that makes a place hard to name: repeated, empty and hostile names,
// nested bodies, functions, chains, shared and tied weights; and random plans for them. A plan of
// our own is never refused; a plan of somebody else's is honoured as it is written, or refused.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <random>

#include "graph/fill.hpp"
#include "graph/layout.hpp"
#include "plan/apply.hpp"
#include "plan/planner.hpp"
#include "support/sample_models.hpp"
#include "support/temporary_folder.hpp"

namespace octet {
namespace {

using base::ElementType;
using test::attr;
using test::GraphBuilder;
using test::ModelBuilder;
using test::ModelBytes;

constexpr std::int64_t width = 64;  // of every weight and activation

class Graphs {
 public:
  explicit Graphs(unsigned seed) : random_(seed) {}

  ModelBytes next() {
    names_ = 0;
    ModelBuilder model;
    model.input("x", ElementType::float32, {"n", width}).input("c", ElementType::boolean, {});
    model.input("ids", ElementType::int64, {"n"});
    for (int i = 0; i < 3; ++i)
      model.initializer("W" + std::to_string(i), test::weight({width, width}, below(1000)));
    model.initializer("E", test::weight({4200, width}, 9, 1));
    if (chance(3)) {
      model.opset(1, "a").opset(1, "b");
      for (const char* domain : {"a", "b"}) {
        model.function(test::FunctionBuilder(domain, "F")
                           .input("i")
                           .output("o")
                           .opset(13)
                           .constant("f", test::weight({width, width}, 8))
                           .node("MatMul", {"i", "f"}, {"o"}));
      }
    }
    std::string last = "x";
    for (std::uint32_t n = 2 + below(6); n > 0; --n) last = step(model, last, 2);
    model.node("Relu", {last}, {"y"}).output("y", ElementType::float32, {"n", width});
    if (chance(6)) model.output("W1", ElementType::float32, {width, width});
    return model.bytes();
  }

 private:
  std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(random_() % n); }
  bool chance(std::uint32_t n) { return below(n) == 0; }
  std::string fresh() { return "v" + std::to_string(names_++); }

  std::string node_name() {
    if (chance(2)) return "";
    const char* names[] = {"same", "MatMul#0", "If#0/then_branch/MatMul#0", "\xff", "op:MatMul"};
    return names[below(5)];
  }

  // One of the weights, or what a few nodes make of it.
  template <typename Builder>
  std::string weight(Builder& graph) {
    std::string at = "W" + std::to_string(below(3));
    while (chance(3)) {
      const std::string next = fresh();
      if (chance(2)) {
        graph.node("Transpose", {at}, {next}, {attr("perm", {1, 0})}, node_name());
      } else {
        graph.node("Identity", {at}, {next}, {}, node_name());
      }
      at = next;
    }
    return at;
  }

  template <typename Builder>
  std::string step(Builder& graph, const std::string& x, int depth) {
    const std::string y = fresh();
    switch (below(depth > 0 ? 6 : 5)) {
      case 0:
        graph.node("MatMul", {x, weight(graph)}, {y}, {}, node_name());
        break;
      case 1:
        graph.node("Gemm", {x, weight(graph)}, {y},
                   {attr("transB", below(2)), attr("alpha", chance(3) ? 2.0F : 1.0F)}, node_name());
        break;
      case 2:
        graph.node("Add", {x, "W" + std::to_string(below(3))}, {y}, {}, node_name());
        break;
      case 3: {
        const std::string rows = fresh();
        graph.node("Gather", {"E", "ids"}, {rows}, {}, node_name());
        graph.node("Add", {x, rows}, {y}, {}, node_name());
        break;
      }
      case 4:
        graph.constant(y + "k", test::weight({width, width}, below(50)));
        graph.node("MatMul", {x, y + "k"}, {y}, {}, node_name());
        break;
      default: {
        std::vector<test::Attribute> bodies;
        for (const char* branch : {"then_branch", "else_branch"}) {
          GraphBuilder body;
          const std::string out = step(body, x, depth - 1);
          bodies.push_back(attr(branch, body.output(out, ElementType::float32)));
        }
        graph.node("If", {"c"}, {y}, bodies, node_name());
      }
    }
    return y;
  }

  std::mt19937 random_;
  int names_ = 0;
};

ModelBytes carried_out(const graph::Graph& graph, const forms::Survey& survey, const Plan& plan,
                       Plan* in_full = nullptr) {
  graph::Overlay overlay(graph);
  Plan full = plan::apply(survey, plan, overlay, 1);
  if (in_full != nullptr) *in_full = std::move(full);
  const graph::Layout layout = graph::lay_out(overlay, {});
  ModelBytes out(layout.model_bytes);
  graph::fill(overlay, layout, out, {}, {.threads = 1, .progress = {}, .release = {}});
  return out;
}

PlanOptions options() {
  PlanOptions out;
  out.costs = test::int8_always_pays();
  return out;
}

// The result loads wherever the model it was made from does: ONNX Runtime refuses some names.
void expect_loads(const ModelBytes& result, const ModelBytes& model, int& loaded) {
  if (test::ort() == nullptr) return;
  runtime::SessionOptions how;
  how.optimization = runtime::Optimization::off;
  try {
    (void)runtime::Session::from_bytes(test::ort(), model, how);
  } catch (const Error&) {
    return;
  }
  EXPECT_NO_THROW((void)runtime::Session::from_bytes(test::ort(), result, how));
  ++loaded;
}

// For onnx's checker (tests/interop/check_random.py): the folder it asks for them in.
void keep(int i, const ModelBytes& model, const ModelBytes& result) {
  const char* const folder = std::getenv("OCTET_KEEP_RESULTS");
  if (folder == nullptr) return;
  const std::filesystem::path place = folder;
  test::write_file(place / (std::to_string(i) + ".in.onnx"), model);
  test::write_file(place / (std::to_string(i) + ".out.onnx"), result);
}

TEST(OwnPlans, AreNeverRefusedAndGiveModelsThatLoad) {
  Graphs graphs(11);
  int loaded = 0;
  for (int i = 0; i < 200; ++i) {
    const ModelBytes model = graphs.next();
    const graph::Graph graph = graph::Graph::import(test::source(model));
    const forms::Survey survey(graph);
    const Plan plan = plan::make(survey, options());
    Plan full;
    ModelBytes result;
    ASSERT_NO_THROW(result = carried_out(graph, survey, plan, &full)) << i << to_json(plan);
    EXPECT_EQ(to_json(full), to_json(plan)) << i;
    EXPECT_EQ(to_json(plan_from_json(to_json(plan))), to_json(plan)) << i;
    keep(i, model, result);
    if (i % 2 == 0) expect_loads(result, model, loaded);
    if (HasFailure()) FAIL() << "graph " << i;
  }
  if (test::ort() != nullptr) {
    EXPECT_GT(loaded, 20);
  }
}

TEST(EmptyPlans, GiveTheInputByteForByte) {
  Graphs graphs(12);
  for (int i = 0; i < 50; ++i) {
    const ModelBytes model = graphs.next();
    const graph::Graph graph = graph::Graph::import(test::source(model));
    EXPECT_EQ(carried_out(graph, forms::Survey(graph), {}), model);
  }
}

// Changes a few words of a plan to others that are words too.
void edit(Plan& plan, std::mt19937& random) {
  const auto one_of = [&](std::initializer_list<const char*> words) {
    return std::string(words.begin()[random() % words.size()]);
  };
  for (int n = 1 + static_cast<int>(random() % 3); n > 0 && !plan.decisions.empty(); --n) {
    Decision& decision = plan.decisions[random() % plan.decisions.size()];
    if (random() % 3 == 0)
      decision.form = one_of({"dynamic_matmul", "embedding_rows", "folded", "float"});
    if (random() % 3 == 0) decision.ops = one_of({"contrib", "standard", "none"});
    if (decision.weights.empty()) continue;
    WeightChoice& weight = decision.weights[random() % decision.weights.size()];
    weight.storage = one_of({"int8", "uint8", "float16", "float32"});
    const bool integers = weight.storage == "int8" || weight.storage == "uint8";
    weight.granularity = integers ? one_of({"per_channel", "per_tensor"}) : "none";
    weight.range = integers ? one_of({"pair", "full", "reduced"}) : "none";
  }
}

void expect_honoured(const Plan& asked, const Plan& done) {
  for (const Decision& decision : asked.decisions) {
    const Decision& made = test::decision_of(done, decision.node);
    EXPECT_EQ(made.form, decision.form) << decision.node;
    EXPECT_EQ(made.ops, decision.ops) << decision.node;
    for (const WeightChoice& weight : decision.weights) {
      const WeightChoice& stored = test::weight_of(done, decision.node, weight.input);
      EXPECT_EQ(stored.storage, weight.storage) << decision.node;
      EXPECT_EQ(stored.granularity, weight.granularity) << decision.node;
      // A weight that others share may be stored in a range that allows less.
      EXPECT_GE(*quant::range_named(stored.range), *quant::range_named(weight.range));
    }
  }
}

TEST(EditedPlans, AreHonouredAsWrittenOrRefused) {
  Graphs graphs(13);
  std::mt19937 random(14);
  int loaded = 0;
  int honoured = 0;
  int refused = 0;
  for (int i = 0; i < 300; ++i) {
    const ModelBytes model = graphs.next();
    const graph::Graph graph = graph::Graph::import(test::source(model));
    const forms::Survey survey(graph);
    Plan plan = plan::make(survey, options());
    edit(plan, random);
    Plan done;
    try {
      const ModelBytes result = carried_out(graph, survey, plan, &done);
      ++honoured;
      expect_honoured(plan, done);
      expect_loads(result, model, loaded);
    } catch (const Error& error) {
      ++refused;
      EXPECT_EQ(error.code(), ErrorCode::invalid_argument) << error.what();
    }
    if (HasFailure()) FAIL() << "graph " << i << "\n" << to_json(plan);
  }
  EXPECT_GT(honoured, 20);
  EXPECT_GT(refused, 20);
}

}  // namespace
}  // namespace octet
