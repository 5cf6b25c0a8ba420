// Arithmetic on shapes themselves: what Shape, Constant, Cast, Add … do to small integer tensors.
#include <algorithm>
#include <cstring>

#include "graph/shape_rules.hpp"
#include "graph/small_values.hpp"
#include "octet/error.hpp"
#include "onnx/tensor_elements.hpp"

namespace octet::graph {
namespace {

Dim computed(std::string_view op, const Dim& a, const Dim& b) {
  if (op == "Add") return sum(a, b);
  if (op == "Mul") {
    const Dim factors[] = {a, b};
    const bool negative = (a.size && *a.size < 0) || (b.size && *b.size < 0);
    return negative ? Dim{} : product(factors);
  }
  if (op == "Sub") {
    std::int64_t out = 0;
    if (b.size == 0) return a;
    if (!a.size || !b.size || __builtin_sub_overflow(*a.size, *b.size, &out)) return {};
    return sized(out);
  }
  if (b.size == 1) return a;
  if (!a.size || !b.size || *a.size < 0 || *b.size <= 0) return {};  // signs round differently
  return sized(*a.size / *b.size);
}

// The integer a ConstantOfShape fills with; nullopt where it is none, or damaged.
std::optional<std::int64_t> filling(const onnx::NodeView& node) try {
  const onnx::AttributeView* value = node.attribute("value");
  if (value == nullptr || !value->tensor) return std::nullopt;
  const onnx::Origin origin{"", value->tensor->data()};
  const onnx::TensorView tensor = onnx::read_tensor(*value->tensor, origin);
  if (tensor.type != base::ElementType::int64 || tensor.elements != 1 || tensor.external)
    return std::nullopt;
  const std::vector<std::byte> raw = onnx::inline_elements(tensor, origin);
  std::int64_t out = 0;
  if (raw.size() != sizeof(out)) return std::nullopt;
  std::memcpy(&out, raw.data(), sizeof(out));
  return out;
} catch (const Error&) {
  return std::nullopt;
}

}  // namespace

void rules::shape_of(RuleCall& call) {
  const Shape* in = call.input(0);
  if (in == nullptr) return call.set(0, Shape(1));
  const auto rank = static_cast<std::int64_t>(in->size());
  const auto place = [&](std::int64_t at) {
    return std::clamp<std::int64_t>(at < 0 ? at + rank : at, 0, rank);
  };
  const std::int64_t from = place(call.node->integer("start", 0));
  const std::int64_t to = std::max(from, place(call.node->integer("end", rank)));
  Numbers dims(in->begin() + from, in->begin() + to);
  call.set(0, {sized(to - from)});
  call.result = std::move(dims);
}

void rules::size_of(RuleCall& call) {
  call.set(0, {});
  if (const Shape* in = call.input(0)) call.result = Numbers{product(*in)};
}

// `value` is a Constant of the graph; the others are small.
void rules::constant(RuleCall& call) {
  const onnx::NodeView& node = *call.node;
  for (const char* scalar : {"value_int", "value_float", "value_string"}) {
    const onnx::AttributeView* view = node.attribute(scalar);
    if (view == nullptr || view->is_reference) continue;
    call.set(0, {});
    if (view->i) call.result = Numbers{sized(*view->i)};
  }
  if (const auto list = call.list("value_ints")) {
    call.set(0, {sized(static_cast<std::int64_t>(list->size()))});
    if (list->size() <= most_small_values) call.result = sized(*list);
  }
  if (const onnx::AttributeView* view = node.attribute("value_floats");
      view != nullptr && !view->is_reference)
    call.set(0, {sized(static_cast<std::int64_t>(view->floats().size()))});
}

void rules::constant_of_shape(RuleCall& call) {
  if (auto target = call.numbers(0)) {
    const Dim count = product(*target);
    const auto value = filling(*call.node);
    if (value && count.size && *count.size <= static_cast<std::int64_t>(most_small_values))
      call.result = Numbers(static_cast<std::size_t>(*count.size), sized(*value));
    call.set(0, std::move(*target));
  } else if (const Shape* length = call.input(0);
             length != nullptr && length->size() == 1 && length->front().size) {
    const std::int64_t rank = *length->front().size;
    if (rank >= 0 && rank <= 64) call.set(0, Shape(static_cast<std::size_t>(rank)));
  }
}

void rules::cast(RuleCall& call) {
  if (const Shape* in = call.input(0)) call.set(0, *in);
  call.result = call.numbers(0);
}

void rules::arithmetic(RuleCall& call) {
  broadcast_all(call);
  if (!call.outputs[0] || call.outputs[0]->size() > 1 || call.inputs.size() != 2) return;
  const auto a = call.numbers(0);
  const auto b = call.numbers(1);
  if (!a || !b || a->empty() || b->empty()) return;
  const std::size_t count = std::max(a->size(), b->size());
  if ((a->size() != count && a->size() != 1) || (b->size() != count && b->size() != 1)) return;
  Numbers out;
  for (std::size_t i = 0; i < count; ++i)
    out.push_back(
        computed(call.node->op_type, (*a)[a->size() == 1 ? 0 : i], (*b)[b->size() == 1 ? 0 : i]));
  call.result = std::move(out);
}

void rules::range(RuleCall& call) {
  Shape out(1);
  const auto start = call.numbers(0);
  const auto limit = call.numbers(1);
  const auto delta = call.numbers(2);
  const auto is = [](const std::optional<Numbers>& n, std::int64_t v) {
    return n && n->size() == 1 && n->front().size == v;
  };
  if (is(start, 0) && is(delta, 1) && limit && limit->size() == 1) out[0] = limit->front();
  if (out[0].size && *out[0].size < 0) out[0] = sized(0);
  call.set(0, std::move(out));
}

void rules::non_zero(RuleCall& call) {
  Shape out(2);
  if (const Shape* in = call.input(0)) out[0] = sized(static_cast<std::int64_t>(in->size()));
  call.set(0, std::move(out));
}

}  // namespace octet::graph
