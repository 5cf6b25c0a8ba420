// A form is one file and one line: this file is the file, ListedForm the line. The toy computes
// Sub(x, W), which no real form takes, from int8 rows that it subtracts after a Cast; everything
// else (plan, JSON, sharing, bytes, layout) must cope without knowing it.
#include "forms/form.hpp"

#include <gtest/gtest.h>

#include "forms/result_test.hpp"
#include "forms/weight_store.hpp"

namespace octet::forms {
namespace {

using base::ElementType;
using test::ModelBuilder;
using test::weight;

std::optional<Offer> offer(const Survey& survey, graph::NodeId id, const Choice& choice,
                           Refusal& why) {
  const graph::Node& node = survey.graph().node(id);
  const Place* place = survey.place(id, 1);
  if (!node.view.is("Sub") || place == nullptr || place->source.constant == graph::none) {
    why = not_my_operator("only Sub");
    return std::nullopt;
  }
  const quant::Encoding encoding = choice.of(1, choice.products);
  if (encoding.kind != quant::Kind::int8) {
    why = {"storage", "only int8"};
    return std::nullopt;
  }
  Offer out;
  out.at = id;
  out.takes = {id};
  out.needs = {{.slot = 1,
                .constant = place->source.constant,
                .view = place->source.view,
                .axes = {1, 2},
                .encoding = encoding}};
  out.ops = Ops::standard;
  out.reason = "toy";
  return out;
}

Gain gain(const Survey& /*survey*/, const Offer& /*offer*/, const cost::Costs& /*costs*/,
          std::int64_t /*unknown*/) {
  Gain out;
  out.ns = 1;
  return out;
}

void write(WeightStore& store, const Offer& offer) {
  graph::Overlay& overlay = store.overlay();
  const graph::Graph& graph = overlay.graph();
  const graph::Node& node = graph.node(offer.at);
  const Stored weight = store.get(offer.needs.front());
  const std::string floats = overlay.fresh_name("toy_floats");
  const std::string scaled = overlay.fresh_name("toy_scaled");
  graph::Patch patch;
  patch.removed = {offer.at};
  patch.nodes = {{"Cast",
                  "",
                  overlay.fresh_name("toy_cast"),
                  {weight.data},
                  {floats},
                  {{"to", std::int64_t{1}}}},
                 {"Mul", "", overlay.fresh_name("toy_mul"), {floats, weight.scale}, {scaled}, {}},
                 {"Sub",
                  "",
                  overlay.fresh_name("toy_sub"),
                  {std::string(graph.value(node.inputs[0]).name), scaled},
                  {std::string(graph.value(node.outputs[0]).name)},
                  {}}};
  overlay.apply(std::move(patch));
}

const Form toy = {"toy", "A form for this test.", offer, gain, write};

using ToyForm = test::OrtTest;

TEST_F(ToyForm, NeedsOneFileAndOneLine) {
  const ListedForm listed(toy);
  ModelBuilder model;
  model.input("x", ElementType::float32, {"n", 64})
      .initializer("W", weight({64, 64}))
      .node("Sub", {"x", "W"}, {"h"}, {}, "toyed")
      .node("MatMul", {"h", "W"}, {"y"}, {}, "product")
      .output("y", ElementType::float32);
  const Result result = quantize(model);
  EXPECT_EQ(result.form("toyed"), "toy");
  EXPECT_EQ(result.form("product"), "dynamic_matmul");
  EXPECT_EQ(result.tensors(ElementType::int8), 1);
  EXPECT_LT(result.error({test::input("x", {64, 64})}), 0.03);
  QuantizeOptions again = test::without_proof();
  again.plan = plan_from_json(to_json(result.report.plan));
  EXPECT_EQ(test::quantized(result.model, again), result.bytes);
}

TEST_F(ToyForm, IsGoneWhenItIsNoLongerListed) {
  EXPECT_EQ(find("toy"), nullptr);
}

}  // namespace
}  // namespace octet::forms
