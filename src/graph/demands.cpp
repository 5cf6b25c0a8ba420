#include "graph/demands.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace octet::graph {
namespace {

constexpr std::array broadcasting = {"Add",  "And",         "Equal", "Greater", "GreaterOrEqual",
                                     "Less", "LessOrEqual", "Max",   "Min",     "Mul",
                                     "Div",  "Mod",         "Or",    "Pow",     "Sub",
                                     "Sum",  "Where",       "Xor"};

// One node's demands.
class Collector {
 public:
  Collector(const Graph& graph, const Shapes& shapes, Demands& out)
      : graph_(graph), shapes_(shapes), out_(out) {}

  void collect(const Node& node) {
    node_ = &node;
    const onnx::NodeView& view = node.view;
    if (view.is("Conv") || view.is("ConvInteger")) return conv(1);
    if (view.domain == "com.microsoft" && view.op_type == "FusedConv") return conv(1);
    if (view.is("QLinearConv")) return conv(3);
    if (view.is("ConvTranspose")) return equal(dim(0, 1), dim(1, 0));
    if (view.is("MatMul") || view.is("MatMulInteger")) return matmul(1);
    if (view.is("QLinearMatMul")) return matmul(3);
    if (view.domain == "com.microsoft" && view.op_type == "DynamicQuantizeMatMul") return matmul(1);
    if (view.is("Gemm")) return gemm();
    if (view.is("BatchNormalization") || view.is("InstanceNormalization"))
      return equal(dim(0, 1), dim(1, 0));
    if (view.is("LSTM") || view.is("GRU") || view.is("RNN")) return recurrent();
    if (view.is("LayerNormalization") || view.is("PRelu")) return aligned(shape(0), shape(1), true);
    if (view.is("Concat")) return concat();
    if (view.is("Squeeze")) return squeeze();
    if (view.is("Reshape")) return reshape();
    if (view.domain.empty() &&
        std::find(broadcasting.begin(), broadcasting.end(), view.op_type) != broadcasting.end()) {
      for (std::size_t slot = 1; slot < node.inputs.size(); ++slot)
        aligned(shape(0), shape(slot), false);
    }
  }

 private:
  [[nodiscard]] const Shape* shape(std::size_t slot) const {
    const bool there = slot < node_->inputs.size() && node_->inputs[slot] != none;
    return there ? shapes_.of(node_->inputs[slot]) : nullptr;
  }
  // Axis `axis` of an input, from the end when negative; unknown when it is not there.
  [[nodiscard]] Dim dim(std::size_t slot, std::int64_t axis) const {
    const Shape* known = shape(slot);
    const auto at = known == nullptr ? std::nullopt : axis_of(axis, known->size());
    return at ? (*known)[*at] : Dim{};
  }

  void add(std::vector<Demand>& list, const Dim& a, const Dim& b) {
    if (a.is_known() && b.is_known() && !same(a, b) && !(a.size && b.size)) list.push_back({a, b});
  }
  void equal(const Dim& a, const Dim& b) { add(out_.strict, a, b); }

  void conv(std::size_t weight) {
    const Dim factors[] = {dim(weight, 1), sized(node_->view.integer("group", 1))};
    equal(dim(0, 1), product(factors));
  }

  void matmul(std::size_t second) {
    const Shape* b = shape(second);
    if (b == nullptr) return;
    equal(dim(0, -1), dim(second, b->size() == 1 ? 0 : -2));
    const Shape* a = shape(0);
    if (a == nullptr || a->size() < 3 || b->size() < 3) return;
    const Shape outer_a(a->begin(), a->end() - 2);
    const Shape outer_b(b->begin(), b->end() - 2);
    aligned(&outer_a, &outer_b, false);
  }

  void gemm() {
    const bool a = node_->view.integer("transA", 0) != 0;
    const bool b = node_->view.integer("transB", 0) != 0;
    equal(dim(0, a ? 0 : 1), dim(1, b ? 1 : 0));
  }

  void recurrent() {
    equal(dim(0, 2), dim(1, 2));
    const bool batch_first = node_->view.integer("layout", 0) != 0;
    for (const std::size_t state : {5U, 6U}) {
      equal(dim(0, batch_first ? 0 : 1), dim(state, batch_first ? 0 : 1));
      equal(dim(state, 2), dim(2, 2));
      equal(dim(state, batch_first ? 1 : 0), dim(1, 0));
    }
  }

  // Axes that face each other when shapes are laid upon one another from the end. A 1 broadcasts;
  // `strict`: only b's may.
  void aligned(const Shape* a, const Shape* b, bool strict) {
    if (a == nullptr || b == nullptr) return;
    for (std::size_t i = 1; i <= std::min(a->size(), b->size()); ++i) {
      const Dim& left = (*a)[a->size() - i];
      const Dim& right = (*b)[b->size() - i];
      if (left.size == 1 || right.size == 1) continue;
      add(strict && right.size ? out_.strict : out_.likely, left, right);
    }
  }

  void concat() {
    const Shape* first = shape(0);
    const auto axis =
        first == nullptr ? std::nullopt : axis_of(node_->view.integer("axis", 0), first->size());
    if (!axis) return;
    for (std::size_t slot = 1; slot < node_->inputs.size(); ++slot) {
      const Shape* other = shape(slot);
      if (other == nullptr || other->size() != first->size()) continue;
      for (std::size_t i = 0; i < first->size(); ++i) {
        if (i != *axis) equal((*first)[i], (*other)[i]);
      }
    }
  }

  void squeeze() {
    std::vector<std::int64_t> axes;
    if (const onnx::AttributeView* given = node_->view.attribute("axes")) axes = given->ints();
    if (node_->inputs.size() > 1 && node_->inputs[1] != none) {
      if (const Numbers* numbers = shapes_.numbers(node_->inputs[1])) {
        for (const Dim& axis : *numbers) axes.push_back(axis.size.value_or(INT64_MAX));
      }
    }
    for (const std::int64_t axis : axes) equal(dim(0, axis), sized(1));
  }

  // All sizes of the target are given: they give the one of the input that is not.
  void reshape() {
    const Shape* in = shape(0);
    const bool has_target = node_->inputs.size() > 1 && node_->inputs[1] != none;
    const Numbers* target = has_target ? shapes_.numbers(node_->inputs[1]) : nullptr;
    if (in == nullptr || target == nullptr) return;
    const bool all_given = std::all_of(target->begin(), target->end(),
                                       [](const Dim& dim) { return dim.size && *dim.size > 0; });
    const auto open =
        std::find_if(in->begin(), in->end(), [](const Dim& dim) { return !dim.size; });
    if (!all_given || open == in->end()) return;
    Shape others = *in;
    others.erase(others.begin() + (open - in->begin()));
    const Dim whole = product(*target);
    const Dim rest = product(others);
    if (whole.size && rest.size && *rest.size > 0 && *whole.size % *rest.size == 0)
      equal(*open, sized(*whole.size / *rest.size));
  }

  const Graph& graph_;
  const Shapes& shapes_;
  Demands& out_;
  const Node* node_ = nullptr;
};

}  // namespace

Demands demands(const Graph& graph, const Shapes& shapes) {
  Demands out;
  Collector collector(graph, shapes, out);
  for (const Node& node : graph.nodes()) collector.collect(node);
  return out;
}

}  // namespace octet::graph
