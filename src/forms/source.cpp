#include "forms/source.hpp"

#include <algorithm>
#include <cstring>
#include <optional>
#include <unordered_set>

namespace octet::forms {
namespace {

using graph::Graph;
using graph::NodeId;
using graph::none;
using graph::ValueId;

// The node that hands its first input on, seen differently; none when the value is made otherwise.
NodeId passage(const Graph& graph, ValueId id) {
  const graph::Value& value = graph.value(id);
  if (value.constant != none || value.producer == none) return none;
  const graph::Node& node = graph.node(value.producer);
  const onnx::NodeView& view = node.view;
  const bool passes = view.is("Identity") || view.is("Transpose") || view.is("Reshape") ||
                      view.is("Flatten") || view.is("Squeeze") || view.is("Unsqueeze") ||
                      view.is("Cast");
  const bool whole = !node.inputs.empty() && node.inputs[0] != none && node.outputs.size() == 1;
  return passes && whole ? value.producer : none;
}

// Integers that an operator takes as an attribute in old opsets and as a constant input in new
// ones.
std::optional<std::vector<std::int64_t>> integers(const Graph& graph, NodeId id, const char* name) {
  const graph::Node& node = graph.node(id);
  if (const onnx::AttributeView* attribute = node.view.attribute(name)) return attribute->ints();
  const graph::Constant* constant = graph.constant_input(id, 1);
  if (constant == nullptr || constant->tensor.type != base::ElementType::int64) return std::nullopt;
  const onnx::Bytes bytes = graph.elements(*constant);
  if (bytes.size() != constant->tensor.elements * 8) return std::nullopt;
  std::vector<std::int64_t> out(constant->tensor.elements);
  if (!out.empty()) std::memcpy(out.data(), bytes.data(), bytes.size());
  return out;
}

bool has_integers(const Graph& graph, NodeId id, const char* name) {
  const graph::Node& node = graph.node(id);
  return node.view.attribute(name) != nullptr || (node.inputs.size() > 1 && node.inputs[1] != none);
}

std::optional<View> through_transpose(const Graph& graph, NodeId id, const View& in) {
  const onnx::AttributeView* perm = graph.node(id).view.attribute("perm");
  if (perm != nullptr) return transposed(in, perm->ints());
  std::vector<std::int64_t> reversed;
  for (std::size_t a = in.dims.size(); a-- > 0;) reversed.push_back(static_cast<std::int64_t>(a));
  return transposed(in, reversed);
}

// 0 keeps a size, -1 stands for the rest.
std::optional<View> through_reshape(const Graph& graph, NodeId id, const View& in) {
  auto target = integers(graph, id, "shape");
  if (!target) return std::nullopt;
  const bool zero_is_zero = graph.node(id).view.integer("allowzero", 0) != 0;
  std::int64_t known = 1;
  std::int64_t all = 1;
  for (const std::int64_t d : in.dims) all *= d;
  for (std::size_t a = 0; a < target->size(); ++a) {
    std::int64_t& d = (*target)[a];
    if (d == 0 && !zero_is_zero && a < in.dims.size()) d = in.dims[a];
    if (d == 0 || d < -1) return std::nullopt;
    if (d > 0 && d > all / known) return std::nullopt;
    if (d > 0) known *= d;
  }
  const auto rest = std::count(target->begin(), target->end(), -1);
  if (rest > 1 || (rest == 1 && all % known != 0)) return std::nullopt;
  std::replace(target->begin(), target->end(), std::int64_t{-1}, all / known);
  return reshaped(in, std::move(*target));
}

std::optional<View> through_flatten(const Graph& graph, NodeId id, const View& in) {
  const auto rank = static_cast<std::int64_t>(in.dims.size());
  std::int64_t axis = graph.node(id).view.integer("axis", 1);
  if (axis < 0) axis += rank;
  if (axis < 0 || axis > rank) return std::nullopt;
  std::vector<std::int64_t> dims = {1, 1};
  for (std::int64_t a = 0; a < rank; ++a)
    dims[a < axis ? 0 : 1] *= in.dims[static_cast<std::size_t>(a)];
  return reshaped(in, std::move(dims));
}

std::optional<View> through_squeeze(const Graph& graph, NodeId id, const View& in) {
  std::vector<std::int64_t> axes;
  if (has_integers(graph, id, "axes")) {
    const auto given = integers(graph, id, "axes");
    if (!given) return std::nullopt;
    axes = *given;
    for (std::int64_t& a : axes) a += a < 0 ? static_cast<std::int64_t>(in.dims.size()) : 0;
  }
  std::vector<std::int64_t> dims;
  for (std::size_t a = 0; a < in.dims.size(); ++a) {
    const bool named =
        std::find(axes.begin(), axes.end(), static_cast<std::int64_t>(a)) != axes.end();
    if (named && in.dims[a] != 1) return std::nullopt;
    if (!named && !(axes.empty() && in.dims[a] == 1)) dims.push_back(in.dims[a]);
  }
  return reshaped(in, std::move(dims));
}

std::optional<View> through_unsqueeze(const Graph& graph, NodeId id, const View& in) {
  const auto axes = integers(graph, id, "axes");
  if (!axes || axes->size() > 64) return std::nullopt;
  std::vector<std::int64_t> dims(in.dims.size() + axes->size(), 0);
  for (std::int64_t a : *axes) {
    if (a < 0) a += static_cast<std::int64_t>(dims.size());
    if (a < 0 || a >= static_cast<std::int64_t>(dims.size())) return std::nullopt;
    dims[static_cast<std::size_t>(a)] = 1;
  }
  auto next = in.dims.begin();
  for (std::int64_t& d : dims) {
    if (d != 0) continue;
    if (next == in.dims.end()) return std::nullopt;  // an axis named twice
    d = *next++;
  }
  return reshaped(in, std::move(dims));
}

bool casts_to_float(const onnx::NodeView& view) {
  return view.is("Cast") &&
         view.integer("to", 0) == static_cast<std::int64_t>(base::ElementType::float32);
}

// The elements lie in raw form: halves in int32_data are none that can be read in place.
bool is_at_hand(const onnx::TensorView& tensor) {
  return tensor.is_float32() || tensor.external || tensor.raw.size() == tensor.size_bytes();
}

std::optional<View> through(const Graph& graph, NodeId id, const View& in) {
  const onnx::NodeView& view = graph.node(id).view;
  if (view.is("Transpose")) return through_transpose(graph, id, in);
  if (view.is("Reshape")) return through_reshape(graph, id, in);
  if (view.is("Flatten")) return through_flatten(graph, id, in);
  if (view.is("Squeeze")) return through_squeeze(graph, id, in);
  if (view.is("Unsqueeze")) return through_unsqueeze(graph, id, in);
  if (view.is("Cast") && !casts_to_float(view)) return std::nullopt;
  return in;  // Identity, Cast
}

}  // namespace

bool is_weight(const onnx::TensorView& tensor) {
  return base::is_floating(tensor.type) && tensor.elements > 0;
}

const Source& Sources::of(ValueId value) {
  std::vector<ValueId> way;
  std::unordered_set<ValueId> seen;
  ValueId at = value;
  while (!known_.contains(at) && seen.insert(at).second) {
    way.push_back(at);
    const NodeId node = passage(*graph_, at);
    if (node == none) break;
    at = graph_->node(node).inputs[0];
  }
  for (; !way.empty(); way.pop_back()) {
    Source source;
    const graph::ConstantId constant = graph_->value(way.back()).constant;
    const NodeId node = passage(*graph_, way.back());
    if (constant != none) {
      const onnx::TensorView& tensor = graph_->constant(constant).tensor;
      if (is_weight(tensor)) source = {constant, View::of(tensor.dims), tensor.type, tensor.type};
    } else if (node != none) {
      const auto before = known_.find(graph_->node(node).inputs[0]);
      if (before != known_.end() && before->second.constant != none) {
        const Source& inner = before->second;
        const bool casts = casts_to_float(graph_->node(node).view);
        const auto view = through(*graph_, node, inner.view);
        if (view && (!casts || is_at_hand(graph_->constant(inner.constant).tensor))) {
          source = {inner.constant, *view, inner.stored,
                    casts ? base::ElementType::float32 : inner.seen};
        }
      }
    }
    known_[way.back()] = std::move(source);
  }
  return known_[value];
}

std::vector<NodeId> Sources::passages(ValueId value) const {
  std::vector<NodeId> out;
  for (NodeId node = passage(*graph_, value); node != none && out.size() < graph_->nodes().size();
       node = passage(*graph_, graph_->node(node).inputs[0])) {
    out.push_back(node);
  }
  return out;
}

}  // namespace octet::forms
