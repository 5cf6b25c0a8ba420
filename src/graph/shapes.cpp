#include "graph/shapes.hpp"

#include <algorithm>
#include <unordered_set>

#include "graph/node_order.hpp"
#include "graph/small_values.hpp"

namespace octet::graph {

using base::ElementType;

Shape declared_shape(const onnx::ValueView& view) {
  Shape out;
  for (const onnx::DimView& dim : view.dims) {
    Dim known;
    if (dim.value) {
      if (*dim.value >= 0) known.size = dim.value;
    } else if (dim.symbol != "?") {
      known.symbol = dim.symbol;
    }
    out.push_back(std::move(known));
  }
  return out;
}

// Fills a Shapes: one visit to every node, bodies before the results of their owner.
class ShapeInference {
 public:
  ShapeInference(const Graph& graph, const std::unordered_map<ValueId, Shape>& given, Shapes& out)
      : graph_(graph), given_(given), out_(out), order_(node_order(graph)) {
    call_.opset = graph.model().opset("");
    call_.numbers = [this](std::size_t slot) { return numbers_of(slot); };
    call_.floats = [this](std::size_t slot) { return floats_of(slot); };
  }

  void run() {
    out_.shapes_.resize(graph_.values().size());
    out_.types_.resize(graph_.values().size(), ElementType::undefined);
    for (const auto& [value, shape] : given_) out_.shapes_[value] = shape;
    for (ConstantId id = 0; id < graph_.constants().size(); ++id) {
      const Constant& constant = graph_.constant(id);
      out_.shapes_[constant.value] = sized(constant.tensor.dims);
      out_.types_[constant.value] = constant.tensor.type;
      if (auto values = small_integers(graph_, constant))
        out_.numbers_.emplace(constant.value, sized(*values));
    }
    for (ScopeId id = 0; id < graph_.scopes().size(); ++id) {
      declare(id);
      const Scope& scope = graph_.scope(id);
      if (scope.kind == Scope::Kind::function)
        local_functions_.insert(std::string_view(scope.path).substr(9, scope.path.size() - 10));
    }
    for (ScopeId id = 0; id < graph_.scopes().size(); ++id) {
      if (graph_.scope(id).kind != Scope::Kind::subgraph) visit_scope(id);
    }
  }

 private:
  // Inputs are what their declarations say; declarations of other values wait for their producer.
  void declare(ScopeId id) {
    const Scope& scope = graph_.scope(id);
    const onnx::Origin origin{graph_.label(), graph_.bytes().data()};
    const auto note = [&](const onnx::ValueView& view, bool is_input) {
      const auto found = scope.names.find(view.name);
      if (view.kind != "tensor" || found == scope.names.end()) return;
      if (is_input && out_.types_[found->second] == ElementType::undefined)
        out_.types_[found->second] = view.type;
      if (!is_input) declared_types_.try_emplace(found->second, view.type);
      if (!view.has_shape) return;
      const bool known = out_.shapes_[found->second].has_value();
      if (is_input && !known) out_.shapes_[found->second] = declared_shape(view);
      if (!is_input) declared_.try_emplace(found->second, declared_shape(view));
    };
    for (const onnx::ValueView& input : scope.inputs) note(input, true);
    for (const onnx::ValueView& output : scope.outputs) note(output, false);
    for (const onnx::Bytes value : scope.declared_values)
      note(onnx::read_value(value, origin), false);
  }

  // Scopes nest no deeper than import allows.
  void visit_scope(ScopeId id) {
    for (const NodeId node : order_[id]) visit(node);
  }

  void visit(NodeId id) {
    const Node& node = graph_.node(id);
    start(node);
    enter_bodies(node);
    for (const ScopeId body : node.bodies) visit_scope(body);
    if (!node.bodies.empty()) {
      start(node);  // bodies were other calls
      leave_bodies(node);
    } else if (const Rule rule = rule_of(node.view); rule != nullptr && !call_.outputs.empty()) {
      rule(call_);
      infer_types(call_);
    }
    finish(node);
  }

  // None for an operator the model defines itself, or whose attributes its function's caller gives.
  [[nodiscard]] Rule rule_of(const onnx::NodeView& view) const {
    const bool is_open = std::any_of(view.attributes.begin(), view.attributes.end(),
                                     [](const onnx::AttributeView& a) { return a.is_reference; });
    return is_open || local_functions_.contains(view.op_type) ? nullptr : find_rule(view);
  }

  void start(const Node& node) {
    current_ = &node;
    call_.node = &node.view;
    call_.inputs.clear();
    call_.is_given.clear();
    call_.input_types.clear();
    for (const ValueId input : node.inputs) {
      call_.input_types.push_back(input == none ? ElementType::undefined : out_.types_[input]);
      call_.inputs.push_back(input == none ? nullptr : out_.of(input));
      call_.is_given.push_back(input != none);
    }
    call_.outputs.assign(node.outputs.size(), std::nullopt);
    call_.output_types.assign(node.outputs.size(), ElementType::undefined);
    call_.result.reset();
  }

  // What a Loop hands to its body: how often, whether to go on; the rest may change its shape from
  // one round to the next and stays what the body declares.
  void enter_bodies(const Node& node) {
    if (!node.view.is("Loop")) return;
    for (const ScopeId body : node.bodies) {
      const std::vector<onnx::ValueView>& inputs = graph_.scope(body).inputs;
      for (std::size_t i = 0; i < std::min<std::size_t>(2, inputs.size()); ++i) {
        const ValueId value = graph_.scope(body).names.at(inputs[i].name);
        if (!out_.shapes_[value]) out_.shapes_[value] = Shape{};
      }
    }
  }

  void leave_bodies(const Node& node) {
    if (node.view.is("If") && node.bodies.size() == 2) {
      for (std::size_t i = 0; i < call_.outputs.size(); ++i) {
        call_.outputs[i] = either_of(result(node.bodies[0], i), result(node.bodies[1], i));
        call_.output_types[i] = result_type(node.bodies[0], i);
      }
    }
    if (!node.view.is("Loop") || node.bodies.size() != 1 || node.inputs.size() < 2) return;
    const std::size_t carried = node.inputs.size() - 2;
    for (std::size_t i = 0; i < call_.outputs.size(); ++i) {
      const Shape* last = result(node.bodies[0], i + 1);
      call_.output_types[i] = result_type(node.bodies[0], i + 1);
      if (i < carried) {  // without a round it is the initial value
        call_.outputs[i] = either_of(call_.inputs[i + 2], last);
      } else if (last != nullptr) {
        call_.outputs[i] = *last;
        call_.outputs[i]->insert(call_.outputs[i]->begin(), Dim{});
      }
    }
  }

  [[nodiscard]] const Shape* result(ScopeId body, std::size_t index) const {
    const std::vector<ValueId>& results = graph_.scope(body).results;
    return index < results.size() ? out_.of(results[index]) : nullptr;
  }

  [[nodiscard]] ElementType result_type(ScopeId body, std::size_t index) const {
    const std::vector<ValueId>& results = graph_.scope(body).results;
    return index < results.size() ? out_.type(results[index]) : ElementType::undefined;
  }

  [[nodiscard]] static std::optional<Shape> either_of(const Shape* a, const Shape* b) {
    return a == nullptr || b == nullptr ? std::nullopt : either(*a, *b);
  }

  void finish(const Node& node) {
    for (std::size_t i = 0; i < node.outputs.size(); ++i) {
      const ValueId value = node.outputs[i];
      if (value == none || graph_.value(value).constant != none) continue;
      out_.types_[value] = call_.output_types[i];
      const auto type = declared_types_.find(value);
      if (type != declared_types_.end() && out_.types_[value] == ElementType::undefined)
        out_.types_[value] = type->second;
      if (given_.contains(value)) continue;
      std::optional<Shape>& shape = out_.shapes_[value];
      shape = std::move(call_.outputs[i]);
      const auto declared = declared_.find(value);
      if (declared == declared_.end()) continue;
      if (!shape) {
        shape = declared->second;
      } else if (shape->size() == declared->second.size()) {
        for (std::size_t d = 0; d < shape->size(); ++d) {
          if (!(*shape)[d].is_known()) (*shape)[d] = declared->second[d];
        }
      }
    }
    const bool small = call_.result && call_.result->size() <= most_small_values;
    if (small && !node.outputs.empty() && node.outputs[0] != none)
      out_.numbers_.try_emplace(node.outputs[0], std::move(*call_.result));
  }

  [[nodiscard]] std::optional<Numbers> numbers_of(std::size_t slot) const {
    if (slot >= current_->inputs.size() || current_->inputs[slot] == none) return std::nullopt;
    const Numbers* known = out_.numbers(current_->inputs[slot]);
    return known == nullptr ? std::nullopt : std::optional(*known);
  }

  [[nodiscard]] std::optional<std::vector<float>> floats_of(std::size_t slot) const {
    if (slot >= current_->inputs.size() || current_->inputs[slot] == none) return std::nullopt;
    const ConstantId id = graph_.value(current_->inputs[slot]).constant;
    return id == none ? std::nullopt : small_floats(graph_, graph_.constant(id));
  }

  const Graph& graph_;
  const std::unordered_map<ValueId, Shape>& given_;
  Shapes& out_;
  std::vector<std::vector<NodeId>> order_;
  std::unordered_map<ValueId, Shape> declared_;
  std::unordered_map<ValueId, ElementType> declared_types_;
  std::unordered_set<std::string_view> local_functions_;
  const Node* current_ = nullptr;
  RuleCall call_;
};

Shapes::Shapes(const Graph& graph, const std::unordered_map<ValueId, Shape>& given) {
  ShapeInference(graph, given, *this).run();
}

}  // namespace octet::graph
