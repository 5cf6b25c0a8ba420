// What is known of the shape and the element type of every value without running anything.
#pragma once

#include <optional>
#include <unordered_map>
#include <vector>

#include "graph/graph.hpp"
#include "graph/shape.hpp"
#include "graph/shape_rules.hpp"

namespace octet::graph {

// Shapes follow from the inputs' declarations and the weights by the operators' rules, in
// topological order, bodies of If and Loop included. What the file declares of other values
// (value_info, outputs) only fills in where no rule says anything: a declaration that a rule
// contradicts is ignored. Inside a function only what its own constants imply is known. Takes time
// linear in the model; reads no weight; keeps nothing of the graph but ids.
class Shapes {
 public:
  // `given`: shapes that are known better than by declaration (sizes chosen for the inputs, or seen
  // in a run); taken as they are.
  explicit Shapes(const Graph& graph, const std::unordered_map<ValueId, Shape>& given = {});

  // nullptr: not even the rank is known.
  [[nodiscard]] const Shape* of(ValueId value) const& {
    return value < shapes_.size() && shapes_[value] ? &*shapes_[value] : nullptr;
  }
  [[nodiscard]] const Shape* of(ValueId value) const&& = delete;
  // The elements of a small integer value (a computed shape, say); nullptr when nothing is known.
  [[nodiscard]] const Numbers* numbers(ValueId value) const& {
    const auto found = numbers_.find(value);
    return found == numbers_.end() ? nullptr : &found->second;
  }
  [[nodiscard]] const Numbers* numbers(ValueId value) const&& = delete;

  // undefined when unknown. Declarations count as for shapes.
  [[nodiscard]] base::ElementType type(ValueId value) const {
    return value < types_.size() ? types_[value] : base::ElementType::undefined;
  }

 private:
  friend class ShapeInference;
  std::vector<std::optional<Shape>> shapes_;
  std::vector<base::ElementType> types_;
  std::unordered_map<ValueId, Numbers> numbers_;
};

// A declared shape. Negative sizes and "?" say nothing.
[[nodiscard]] Shape declared_shape(const onnx::ValueView& view);

}  // namespace octet::graph
