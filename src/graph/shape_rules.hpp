// What an operator's result looks like, given what it reads: one rule for a kind of operators.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "base/element_type.hpp"
#include "graph/shape.hpp"
#include "onnx/views.hpp"

namespace octet::graph {

// The elements of a small integer tensor (a shape, axes, an index), in order.
using Numbers = std::vector<Dim>;

// One node while a rule looks at it. A rule writes what follows for certain from what it reads, and
// nothing where it does not know: an output left empty has unknown rank.
struct RuleCall {
  const onnx::NodeView* node = nullptr;
  std::int64_t opset = 0;            // of ai.onnx
  std::vector<const Shape*> inputs;  // nullptr: unknown, or left out
  std::vector<bool> is_given;        // the input is there
  std::function<std::optional<Numbers>(std::size_t slot)> numbers;
  std::function<std::optional<std::vector<float>>(std::size_t slot)> floats;
  std::vector<base::ElementType> input_types;   // undefined: unknown, as for outputs
  std::vector<base::ElementType> output_types;  // one for each output; see infer_types
  std::vector<std::optional<Shape>> outputs;    // one for each output of the node
  std::optional<Numbers> result;                // elements of output 0

  [[nodiscard]] const Shape* input(std::size_t slot) const {
    return slot < inputs.size() ? inputs[slot] : nullptr;
  }
  [[nodiscard]] base::ElementType type(std::size_t slot) const {
    return slot < input_types.size() ? input_types[slot] : base::ElementType::undefined;
  }
  [[nodiscard]] bool has_input(std::size_t slot) const {
    return slot < is_given.size() && is_given[slot];
  }
  // The elements when every one is a number.
  [[nodiscard]] std::optional<std::vector<std::int64_t>> integers(std::size_t slot) const;
  // An attribute's list; nullopt when it is not there.
  [[nodiscard]] std::optional<std::vector<std::int64_t>> list(std::string_view attribute) const;
  // Axes and sizes moved from attributes to inputs over the versions: whichever is there. nullopt
  // when neither, or when it is computed; `is_listed` tells the two apart.
  [[nodiscard]] std::optional<std::vector<std::int64_t>> list(std::string_view attribute,
                                                              std::size_t slot) const;
  [[nodiscard]] bool is_listed(std::string_view attribute, std::size_t slot) const;
  void set(std::size_t output, Shape shape) {
    if (output < outputs.size()) outputs[output] = std::move(shape);
  }
};
using Rule = void (*)(RuleCall& call);

// nullptr when nothing is known of the operator. Operators with bodies are not here: see Shapes.
[[nodiscard]] Rule find_rule(const onnx::NodeView& node);

// Fills in output_types, for the operators that have a rule.
void infer_types(RuleCall& call);

// `axis` counted from the front; nullopt when it lies outside.
[[nodiscard]] std::optional<std::size_t> axis_of(std::int64_t axis, std::size_t rank);

// The rules, by file.
namespace rules {
// shape_rules.cpp
void as_first(RuleCall& call);
void broadcast_all(RuleCall& call);
// shape_rules_products.cpp
void matmul(RuleCall& call);
void qlinear_matmul(RuleCall& call);
void gemm(RuleCall& call);
void conv(RuleCall& call);
void qlinear_conv(RuleCall& call);
void conv_transpose(RuleCall& call);
void pool(RuleCall& call);
void global_pool(RuleCall& call);
void recurrent(RuleCall& call);
// shape_rules_axes.cpp
void transpose(RuleCall& call);
void reshape(RuleCall& call);
void flatten(RuleCall& call);
void squeeze(RuleCall& call);
void unsqueeze(RuleCall& call);
void reduce(RuleCall& call);
void arg_reduce(RuleCall& call);
void depth_to_space(RuleCall& call);
void space_to_depth(RuleCall& call);
// shape_rules_parts.cpp
void gather(RuleCall& call);
void gather_elements(RuleCall& call);
void concat(RuleCall& call);
void slice(RuleCall& call);
void split(RuleCall& call);
void pad(RuleCall& call);
void tile(RuleCall& call);
void expand(RuleCall& call);
void resize(RuleCall& call);
void top_k(RuleCall& call);
// shape_rules_numbers.cpp
void shape_of(RuleCall& call);
void size_of(RuleCall& call);
void constant(RuleCall& call);
void constant_of_shape(RuleCall& call);
void cast(RuleCall& call);
void arithmetic(RuleCall& call);
void range(RuleCall& call);
void non_zero(RuleCall& call);
}  // namespace rules

}  // namespace octet::graph
