#include "graph/overlay_check.hpp"

#include <fmt/format.h>

#include "graph/shapes.hpp"
#include "octet/error.hpp"

namespace octet::graph {
namespace {

using base::ElementType;

// What is known of a name edits brought, or of an old one they define anew.
struct Known {
  std::optional<Shape> shape;
  ElementType type = ElementType::undefined;
};

class Checker {
 public:
  Checker(const Overlay& overlay, const std::vector<std::vector<ScopeItem>>& items)
      : overlay_(overlay), graph_(overlay.graph()), items_(items), shapes_(graph_) {
    call_.opset = graph_.model().opset("");
    call_.numbers = [](std::size_t) { return std::nullopt; };
    call_.floats = [](std::size_t) { return std::nullopt; };
  }

  void run() {
    for (const NewTensor& tensor : overlay_.tensors())
      fresh_[{tensor.scope, tensor.name}] = {sized(tensor.dims), tensor.type};
    for (ScopeId scope = 0; scope < items_.size(); ++scope) {
      for (const ScopeItem& item : items_[scope]) {
        if (item.fresh != nullptr) check(scope, *item.fresh);
      }
    }
  }

 private:
  void check(ScopeId scope, const NewNode& node) {
    const std::string bytes = to_message(node).bytes();
    const onnx::Bytes message(reinterpret_cast<const std::byte*>(bytes.data()), bytes.size());
    const onnx::Origin origin{graph_.label(), message.data()};
    const onnx::NodeView view = onnx::read_node(message, origin);
    apply_rules(scope, view);
    for (std::size_t i = 0; i < node.outputs.size(); ++i) {
      if (node.outputs[i].empty()) continue;
      Known made{std::move(call_.outputs[i]), call_.output_types[i]};
      const auto old = graph_.scope(scope).names.find(node.outputs[i]);
      if (old != graph_.scope(scope).names.end()) compare(node, old->second, made);
      fresh_[{scope, node.outputs[i]}] = std::move(made);
    }
  }

  void apply_rules(ScopeId scope, const onnx::NodeView& view) {
    call_.node = &view;
    call_.inputs.clear();
    call_.input_types.clear();
    call_.is_given.clear();
    for (const std::string_view input : view.inputs) {
      const auto [shape, type] = look_up(scope, input);
      call_.inputs.push_back(shape);
      call_.input_types.push_back(type);
      call_.is_given.push_back(!input.empty());
    }
    call_.outputs.assign(view.outputs.size(), std::nullopt);
    call_.output_types.assign(view.outputs.size(), ElementType::undefined);
    call_.result.reset();
    if (const Rule rule = find_rule(view); rule != nullptr && !view.outputs.empty()) rule(call_);
    infer_types(call_);
  }

  [[nodiscard]] std::pair<const Shape*, ElementType> look_up(ScopeId scope,
                                                             std::string_view name) const {
    for (ScopeId s = scope; !name.empty() && s != none; s = graph_.scope(s).parent) {
      const auto fresh = fresh_.find({s, std::string(name)});
      if (fresh != fresh_.end())
        return {fresh->second.shape ? &*fresh->second.shape : nullptr, fresh->second.type};
      const auto old = graph_.scope(s).names.find(name);
      if (old != graph_.scope(s).names.end())
        return {shapes_.of(old->second), shapes_.type(old->second)};
    }
    return {nullptr, ElementType::undefined};
  }

  void compare(const NewNode& node, ValueId id, const Known& made) const {
    const auto refuse = [&](const std::string& was, const std::string& is) {
      throw Error(ErrorCode::invalid_argument,
                  fmt::format("{}: \"{}\" would be {} instead of {} (from the new node \"{}\", {})",
                              graph_.label(), graph_.value(id).name, is, was, node.name, node.op));
    };
    const ElementType type = shapes_.type(id);
    if (type != ElementType::undefined && made.type != ElementType::undefined && type != made.type)
      refuse(std::string(base::element_name(type)), std::string(base::element_name(made.type)));
    const Shape* shape = shapes_.of(id);
    if (shape == nullptr || !made.shape) return;
    bool differs = shape->size() != made.shape->size();
    for (std::size_t i = 0; !differs && i < shape->size(); ++i)
      differs = contradict((*shape)[i], (*made.shape)[i]);
    if (differs) refuse(to_text(*shape), to_text(*made.shape));
  }

  const Overlay& overlay_;
  const Graph& graph_;
  const std::vector<std::vector<ScopeItem>>& items_;
  Shapes shapes_;
  std::map<std::pair<ScopeId, std::string>, Known> fresh_;
  RuleCall call_;
};

}  // namespace

void check_replacements(const Overlay& overlay, const std::vector<std::vector<ScopeItem>>& items) {
  if (!overlay.additions().empty()) Checker(overlay, items).run();
}

}  // namespace octet::graph
