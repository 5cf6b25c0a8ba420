// Every node of ten small models degraded in every way its structure allows: inputs and outputs
// removed, emptied, doubled, exchanged, led in a circle, attributes gone. Each result is refused
// with an Error or gives a layout; nothing else may happen.
#include <gtest/gtest.h>

#include <protozero/pbf_writer.hpp>

#include "fuzz/whole_way.hpp"
#include "onnx/field_numbers.hpp"
#include "support/sample_models.hpp"

namespace octet {
namespace {

namespace f = onnx::field;
using base::ElementType;
using test::attr;
using test::GraphBuilder;
using test::ModelBuilder;
using test::ModelBytes;
using test::weight;

// What a degradation changes of a node.
struct Ends {
  std::vector<std::string> inputs;
  std::vector<std::string> outputs;
  bool attributes = true;
};

std::vector<Ends> degradations(const Ends& node) {
  std::vector<Ends> out;
  const auto with = [&](const auto& change) {
    out.push_back(node);
    change(out.back());
  };
  const auto slots = [&](std::vector<std::string> Ends::*side, std::vector<std::string> others) {
    others.insert(others.end(), {"", "nobody defines this"});
    for (std::size_t i = 0; i < (node.*side).size(); ++i) {
      const auto at = static_cast<std::ptrdiff_t>(i);
      with([&](Ends& e) { (e.*side).erase((e.*side).begin() + at); });
      with([&](Ends& e) { (e.*side).insert((e.*side).begin() + at, (node.*side)[i]); });
      with([&](Ends& e) { (e.*side).push_back((node.*side)[i]); });
      with([&](Ends& e) { std::swap((e.*side)[i], (e.*side)[0]); });
      for (const std::string& other : others) with([&](Ends& e) { (e.*side)[i] = other; });
    }
    with([&](Ends& e) { (e.*side).clear(); });
    with([&](Ends& e) { (e.*side).insert((e.*side).end(), 9, ""); });
  };
  slots(&Ends::inputs, node.outputs);  // a circle of one
  slots(&Ends::outputs, node.inputs);
  slots(&Ends::inputs, {"y"});  // a circle through the whole graph
  with([](Ends& e) { std::swap(e.inputs, e.outputs); });
  with([](Ends& e) { e.attributes = false; });
  with([](Ends& e) { e = {}; });
  return out;
}

// Reads a model's nodes in the order of its bytes, bodies inside their owner; writes it again with
// one of them changed.
class Rewriter {
 public:
  explicit Rewriter(const ModelBytes& model)
      : model_(model.begin(), model.end()), origin_{"model", bytes(model_).data()} {
    (void)nested(bytes(model_), Message::model);
  }

  [[nodiscard]] const std::vector<Ends>& nodes() const { return nodes_; }

  ModelBytes with(std::size_t number, const Ends& ends) {
    nodes_.clear();
    target_ = number;
    changed_ = &ends;
    const std::string out = nested(bytes(model_), Message::model);
    changed_ = nullptr;
    const auto view = bytes(out);
    return {view.begin(), view.end()};
  }

 private:
  enum class Message { model, graph, function, node, attribute, other };

  static onnx::Bytes bytes(const auto& text) { return std::as_bytes(std::span(text)); }

  static Message inside(Message message, std::uint32_t field) {
    switch (message) {
      case Message::model:
        if (field == f::model::graph) return Message::graph;
        return field == f::model::functions ? Message::function : Message::other;
      case Message::graph:
        return field == f::graph::node ? Message::node : Message::other;
      case Message::function:
        return field == f::function::node ? Message::node : Message::other;
      case Message::node:
        return field == f::node::attribute ? Message::attribute : Message::other;
      case Message::attribute:
        return field == f::attribute::g ? Message::graph : Message::other;
      default:
        return Message::other;
    }
  }

  std::string nested(onnx::Bytes message, Message kind) {
    const std::size_t number = nodes_.size();
    if (kind == Message::node) nodes_.emplace_back();
    const bool changed = kind == Message::node && changed_ != nullptr && number == target_;
    std::string out;
    protozero::pbf_writer writer(out);
    if (changed) {
      for (const std::string& input : changed_->inputs) writer.add_string(1, input);
      for (const std::string& output : changed_->outputs) writer.add_string(2, output);
    }
    onnx::Reader reader(message, origin_, "");
    while (const auto field = reader.next()) {
      if (kind == Message::node && field->number == f::node::input)
        nodes_[number].inputs.emplace_back(field->text());
      if (kind == Message::node && field->number == f::node::output)
        nodes_[number].outputs.emplace_back(field->text());
      if (changed && field->number <= f::node::output) continue;
      if (changed && field->number == f::node::attribute && !changed_->attributes) continue;
      const Message what = inside(kind, field->number);
      if (what == Message::other) {
        out.append(reinterpret_cast<const char*>(field->whole.data()), field->whole.size());
      } else {
        writer.add_message(field->number, nested(field->payload, what));
      }
    }
    return out;
  }

  std::vector<std::byte> model_;
  onnx::Origin origin_;
  std::vector<Ends> nodes_;
  std::size_t target_ = 0;
  const Ends* changed_ = nullptr;
};

ModelBuilder with_x() {
  return ModelBuilder()
      .input("x", ElementType::float32, {"n", 64})
      .output("y", ElementType::float32);
}

// Every operator that a form or a walk looks at, with its neighbours.
std::vector<ModelBytes> models() {
  const test::TensorSpec square = weight({64, 64});
  const auto ints = [](const std::vector<std::int64_t>& values) {
    return test::tensor<std::int64_t>({static_cast<std::int64_t>(values.size())}, values);
  };
  return {
      test::mlp(64, 64).bytes(),
      test::branches(64).bytes(),
      test::embedding().bytes(),
      ModelBuilder()
          .input("x", ElementType::float32, {"n", 8, 9, 9})
          .initializer("W", weight({64, 8, 3, 3}))
          .initializer("V", weight({64, 64}))
          .node("Conv", {"x", "W"}, {"a"}, {attr("pads", {1, 1, 1, 1})})
          .node("Relu", {"a"}, {"b"})
          .node("GlobalAveragePool", {"b"}, {"c"})
          .node("Flatten", {"c"}, {"d"})
          .node("Gemm", {"d", "V"}, {"y"})
          .output("y", ElementType::float32)
          .bytes(),
      with_x()
          .initializer("Q", square)
          .initializer("K", weight({64, 64}, 2))
          .initializer("shape", ints({-1, 4, 16}))
          .node("MatMul", {"x", "Q"}, {"q"})
          .node("MatMul", {"x", "K"}, {"k"})
          .node("Reshape", {"q", "shape"}, {"qh"})
          .node("Transpose", {"k"}, {"kt"}, {attr("perm", {1, 0})})
          .node("Concat", {"q", "k"}, {"both"}, {attr("axis", 0)})
          .node("Slice", {"both", "shape", "shape"}, {"part"})
          .node("MatMul", {"q", "kt"}, {"s"})
          .node("Softmax", {"s"}, {"p"})
          .node("MatMul", {"p", "k"}, {"y"})
          .bytes(),
      with_x()
          .initializer("W", square)
          .initializer("trips", ints({3}))
          .initializer("go", test::tensor<bool>({}, {true}))
          .node("Loop", {"trips", "go", "x"}, {"y"},
                {attr("body", GraphBuilder()
                                  .input("i", ElementType::int64, {})
                                  .input("c", ElementType::boolean, {})
                                  .input("h", ElementType::float32, {"n", 64})
                                  .node("Identity", {"c"}, {"more"})
                                  .node("MatMul", {"h", "W"}, {"g"})
                                  .node("Tanh", {"g"}, {"next"})
                                  .output("more", ElementType::boolean, {})
                                  .output("next", ElementType::float32))})
          .bytes(),
      with_x()
          .initializer("W", weight({1, 64, 64}))
          .initializer("axes", ints({0}))
          .initializer("shape", ints({64, 64}))
          .node("Squeeze", {"W", "axes"}, {"a"})
          .node("Unsqueeze", {"a", "axes"}, {"b"})
          .node("Reshape", {"b", "shape"}, {"c"})
          .node("Identity", {"c"}, {"d"})
          .node("Transpose", {"d"}, {"e"}, {attr("perm", {1, 0})})
          .node("MatMul", {"x", "e"}, {"y"})
          .bytes(),
      with_x()
          .initializer("W", weight({1, 256, 64}))
          .initializer("R", weight({1, 256, 64}, 2))
          .initializer("axes", ints({0}))
          .node("Unsqueeze", {"x", "axes"}, {"steps"})
          .node("LSTM", {"steps", "W", "R", "", "", "", ""}, {"all", "y", "c"},
                {attr("hidden_size", 64)})
          .bytes(),
      with_x()
          .initializer("E", weight({4200, 64}))
          .initializer("b", weight({64}))
          .input("ids", ElementType::int64, {"n"})
          .node("Gather", {"E", "ids"}, {"rows"})
          .node("Cast", {"rows"}, {"same"}, {attr("to", 1)})
          .node("Mul", {"same", "b"}, {"scaled"})
          .node("Add", {"x", "scaled"}, {"sum"})
          .node("Gemm", {"sum", "E", "b"}, {"y"}, {attr("transB", 1)})
          .bytes(),
      with_x()
          .initializer(
              "Q", {.type = ElementType::int8, .dims = {64, 64}, .raw = square.raw.substr(0, 4096)})
          .initializer("s", test::tensor<float>({}, {0.5F}))
          .initializer("W", square)
          .node("DequantizeLinear", {"Q", "s"}, {"w"})
          .node("MatMul", {"x", "w"}, {"h"})
          .node("DynamicQuantizeLinear", {"h"}, {"q", "qs", "qz"})
          .node("MatMulInteger", {"q", "Q", "qz"}, {"i"})
          .node("Cast", {"i"}, {"g"}, {attr("to", 1)})
          .node("MatMul", {"g", "W"}, {"y"})
          .bytes(),
  };
}

TEST(DegradedNodes, AreRefusedOrCarriedThroughTheWholeWay) {
  std::size_t refused = 0;
  std::size_t written = 0;
  for (const ModelBytes& model : models()) {
    ASSERT_TRUE(test::decisions_of(model)) << "a model that is whole was refused";
    Rewriter rewriter(model);
    const std::vector<Ends> nodes = rewriter.nodes();
    for (std::size_t n = 0; n < nodes.size(); ++n) {
      for (const Ends& degraded : degradations(nodes[n])) {
        test::decisions_of(rewriter.with(n, degraded)) ? ++written : ++refused;
        if (HasFailure()) {
          FAIL() << "node " << n << ": (" << ::testing::PrintToString(degraded.inputs) << ") -> ("
                 << ::testing::PrintToString(degraded.outputs) << ")";
        }
      }
    }
  }
  // Both kinds must be common, or the degradations test nothing.
  EXPECT_GT(refused, 100U);
  EXPECT_GT(written, 300U);
}

}  // namespace
}  // namespace octet
