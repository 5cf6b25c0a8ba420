#include "graph/input_hints.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "graph/small_values.hpp"

namespace octet::graph {
namespace {

// Operators that hand values on unchanged (ids stay ids).
constexpr std::array<std::string_view, 12> hands_on = {
    "Cast",  "Identity", "Reshape", "Unsqueeze", "Squeeze", "Flatten",
    "Slice", "Concat",   "Expand",  "Transpose", "Split",   "Where"};

// Follows a value forwards and collects the sizes of the axes it indexes and the numbers it is
// compared with.
class Follower {
 public:
  explicit Follower(const Graph& graph) : graph_(graph) {}

  void follow(ValueId input) {
    reach(input);
    while (!waiting_.empty()) {
      const ValueId value = waiting_.back();
      waiting_.pop_back();
      for (const Use& use : graph_.value(value).uses) visit(use);
    }
  }
  [[nodiscard]] std::optional<std::int64_t> smallest_axis() const { return smallest_; }
  [[nodiscard]] const std::set<std::int64_t>& compared_with() const& { return compared_; }
  const std::set<std::int64_t>& compared_with() const&& = delete;

 private:
  void reach(ValueId value) {
    if (seen_.insert(value).second) waiting_.push_back(value);
  }

  void visit(const Use& use) {
    const onnx::NodeView& view = graph_.node(use.node).view;
    if ((view.op_type == "Gather" || view.op_type == "GatherElements") && use.slot == 1)
      index_of(use.node);
    if (view.op_type == "Equal") compare(use);
    if (view.op_type == "If" && use.slot == 0) compared_.insert({0, 1});
    if (std::find(hands_on.begin(), hands_on.end(), view.op_type) == hands_on.end()) return;
    for (const ValueId output : graph_.node(use.node).outputs) {
      if (output != none) reach(output);
    }
  }

  void compare(const Use& use) {
    const Constant* other = graph_.constant_input(use.node, 1 - use.slot);
    const auto numbers = other == nullptr ? std::nullopt : small_integers(graph_, *other);
    if (numbers && numbers->size() == 1) compared_.insert(numbers->front());
  }

  void index_of(NodeId gather) {
    const Constant* table = graph_.constant_input(gather, 0);
    if (table == nullptr || table->tensor.dims.empty()) return;
    const auto rank = static_cast<std::int64_t>(table->tensor.dims.size());
    std::int64_t axis = graph_.node(gather).view.integer("axis", 0);
    if (axis < 0) axis += rank;
    if (axis < 0 || axis >= rank) return;
    const std::int64_t size = table->tensor.dims[static_cast<std::size_t>(axis)];
    smallest_ = std::min(smallest_.value_or(size), size);
  }

  const Graph& graph_;
  std::unordered_set<ValueId> seen_;
  std::vector<ValueId> waiting_;
  std::optional<std::int64_t> smallest_;
  std::set<std::int64_t> compared_;
};

bool is_integer(base::ElementType type) {
  return type == base::ElementType::int64 || type == base::ElementType::int32;
}

bool is_single(const onnx::ValueView& input) {
  return input.has_shape && std::all_of(input.dims.begin(), input.dims.end(), [](const auto& dim) {
           return dim.value && *dim.value == 1;
         });
}

bool sounds_like_mask(std::string_view name) {
  return name.find("mask") != std::string_view::npos;
}

}  // namespace

std::vector<InputHint> input_hints(const Graph& graph) {
  std::vector<InputHint> out;
  const Scope& main = graph.scope(0);
  for (const onnx::ValueView& input : main.inputs) {
    InputHint hint;
    hint.name = input.name;
    const auto value = main.names.find(input.name);
    const bool is_bool = input.type == base::ElementType::boolean;
    if (value != main.names.end() && (is_integer(input.type) || (is_bool && is_single(input)))) {
      Follower follower(graph);
      follower.follow(value->second);
      if (is_single(input))
        hint.values.assign(follower.compared_with().begin(), follower.compared_with().end());
      if (const auto size = follower.smallest_axis(); size && *size > 0) {
        hint.low = 0;
        hint.high = static_cast<double>(*size - 1);
      }
    }
    if (!hint.low && sounds_like_mask(input.name)) {
      hint.low = 0;
      hint.high = 1;
    }
    out.push_back(std::move(hint));
  }
  return out;
}

}  // namespace octet::graph
