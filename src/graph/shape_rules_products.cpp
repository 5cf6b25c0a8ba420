// Products: matrices, windows that slide, recurrences.
#include <algorithm>
#include <cmath>

#include "graph/shape_rules.hpp"

namespace octet::graph {
namespace {

constexpr std::int64_t largest = std::int64_t{1} << 40;  // no sum of a few of these overflows

void product(RuleCall& call, std::size_t slot_a, std::size_t slot_b) {
  const Shape* a = call.input(slot_a);
  const Shape* b = call.input(slot_b);
  if (a == nullptr || b == nullptr || a->empty() || b->empty()) return;
  const Dim& inner = b->size() == 1 ? b->front() : (*b)[b->size() - 2];
  if (contradict(a->back(), inner)) return;
  const auto batch = [](const Shape& shape) {
    return shape.size() < 2 ? Shape{} : Shape(shape.begin(), shape.end() - 2);
  };
  auto out = broadcast(batch(*a), batch(*b));
  if (!out) return;
  if (a->size() > 1) out->push_back((*a)[a->size() - 2]);
  if (b->size() > 1) out->push_back(b->back());
  call.set(0, std::move(*out));
}

// How a window slides over the axes behind the first two.
struct Window {
  std::vector<Dim> kernel;
  std::vector<std::int64_t> strides;
  std::vector<std::int64_t> dilations;
  std::vector<std::int64_t> pads;  // begins, then ends
  bool same = false;               // auto_pad SAME_*: pads such that ceil(in / stride) come out
  bool ceil = false;
};

bool sane(const std::vector<std::int64_t>& values, std::int64_t low) {
  return std::all_of(values.begin(), values.end(),
                     [&](std::int64_t v) { return v >= low && v < largest; });
}

std::optional<Window> window_of(const RuleCall& call, std::size_t axes, std::vector<Dim> kernel) {
  Window out;
  out.kernel = std::move(kernel);
  out.strides = call.list("strides").value_or(std::vector<std::int64_t>(axes, 1));
  out.dilations = call.list("dilations").value_or(std::vector<std::int64_t>(axes, 1));
  out.pads = call.list("pads").value_or(std::vector<std::int64_t>(2 * axes, 0));
  const onnx::AttributeView* automatic = call.node->attribute("auto_pad");
  const std::string_view mode = automatic == nullptr ? "NOTSET" : automatic->s;
  out.same = mode.starts_with("SAME");
  if (mode == "VALID") out.pads.assign(2 * axes, 0);
  out.ceil = call.node->integer("ceil_mode", 0) != 0;
  const bool fits = out.kernel.size() == axes && out.strides.size() == axes &&
                    out.dilations.size() == axes && out.pads.size() == 2 * axes;
  if (!fits || !sane(out.strides, 1) || !sane(out.dilations, 1) || !sane(out.pads, 0))
    return std::nullopt;
  return out;
}

Dim slid(const Window& window, std::size_t axis, const Dim& in) {
  const std::int64_t stride = window.strides[axis];
  if (window.same) {
    if (stride == 1) return in;
    return in.size ? sized(*in.size / stride + (*in.size % stride != 0 ? 1 : 0)) : Dim{};
  }
  const Dim& kernel = window.kernel[axis];
  if (!kernel.size || *kernel.size < 1 || *kernel.size > largest / window.dilations[axis])
    return {};
  const std::int64_t reach = (*kernel.size - 1) * window.dilations[axis];
  const std::int64_t pads = window.pads[axis] + window.pads[axis + window.kernel.size()];
  if (stride == 1 && pads == reach) return in;
  if (!in.size || *in.size < 0 || *in.size > largest) return {};
  const std::int64_t room = *in.size + pads - reach - 1;
  if (room < 0) return {};
  std::int64_t out = room / stride + 1;
  if (window.ceil && room % stride != 0) {
    // Versions differ in whether a window may start inside the padding at the end.
    if (out * stride >= *in.size + window.pads[axis]) return {};
    ++out;
  }
  return sized(out);
}

std::vector<Dim> kernel_of(const RuleCall& call, const Shape* weight, std::size_t axes) {
  if (weight != nullptr && weight->size() == axes + 2) return {weight->begin() + 2, weight->end()};
  if (const auto list = call.list("kernel_shape")) return sized(*list);
  return {};
}

void slide(RuleCall& call, const Shape& in, Dim channels, std::vector<Dim> kernel) {
  const std::size_t axes = in.size() - 2;
  Shape out = {in[0], std::move(channels)};
  out.resize(in.size());
  if (const auto window = window_of(call, axes, std::move(kernel))) {
    for (std::size_t i = 0; i < axes; ++i) out[2 + i] = slid(*window, i, in[2 + i]);
  }
  call.set(0, std::move(out));
}

void convolve(RuleCall& call, std::size_t slot_x, std::size_t slot_w) {
  const Shape* x = call.input(slot_x);
  const Shape* w = call.input(slot_w);
  if (w != nullptr && w->size() < 3) return;
  if (x == nullptr && w == nullptr) return;
  const Shape in = x != nullptr ? *x : Shape(w->size());
  if (in.size() < 3 || (w != nullptr && w->size() != in.size())) return;
  slide(call, in, w != nullptr ? (*w)[0] : Dim{}, kernel_of(call, w, in.size() - 2));
}

Dim unslid(const Window& window, std::size_t axis, std::int64_t output_padding, const Dim& in) {
  const Dim& kernel = window.kernel[axis];
  const std::int64_t stride = window.strides[axis];
  if (!in.size || *in.size < 1 || *in.size > largest / stride) return {};
  if (window.same) return sized(*in.size * stride);
  if (!kernel.size || *kernel.size < 1 || *kernel.size > largest / window.dilations[axis])
    return {};
  const std::int64_t pads = window.pads[axis] + window.pads[axis + window.kernel.size()];
  const std::int64_t out = stride * (*in.size - 1) + output_padding +
                           (*kernel.size - 1) * window.dilations[axis] + 1 - pads;
  return out < 0 ? Dim{} : sized(out);
}

}  // namespace

void rules::matmul(RuleCall& call) {
  product(call, 0, 1);
}
void rules::qlinear_matmul(RuleCall& call) {
  product(call, 0, 3);
}
void rules::conv(RuleCall& call) {
  convolve(call, 0, 1);
}
void rules::qlinear_conv(RuleCall& call) {
  convolve(call, 0, 3);
}

void rules::gemm(RuleCall& call) {
  const Shape* a = call.input(0);
  const Shape* b = call.input(1);
  if ((a != nullptr && a->size() != 2) || (b != nullptr && b->size() != 2)) return;
  Shape out(2);
  if (a != nullptr) out[0] = (*a)[call.node->integer("transA", 0) != 0 ? 1 : 0];
  if (b != nullptr) out[1] = (*b)[call.node->integer("transB", 0) != 0 ? 0 : 1];
  call.set(0, std::move(out));
}

void rules::conv_transpose(RuleCall& call) {
  const Shape* x = call.input(0);
  const Shape* w = call.input(1);
  if (x == nullptr || x->size() < 3) return;
  const std::size_t axes = x->size() - 2;
  Shape out = {(*x)[0]};
  out.resize(x->size());
  if (w != nullptr && w->size() == x->size()) {
    const Dim factors[] = {(*w)[1], sized(call.node->integer("group", 1))};
    out[1] = product(factors);
  }
  const auto padding = call.list("output_padding").value_or(std::vector<std::int64_t>(axes, 0));
  const auto window = window_of(call, axes, kernel_of(call, w, axes));
  if (window && padding.size() == axes && sane(padding, 0) && !call.list("output_shape")) {
    for (std::size_t i = 0; i < axes; ++i) out[2 + i] = unslid(*window, i, padding[i], (*x)[2 + i]);
  }
  call.set(0, std::move(out));
}

void rules::pool(RuleCall& call) {
  const Shape* x = call.input(0);
  if (x == nullptr || x->size() < 3) return;
  slide(call, *x, (*x)[1], kernel_of(call, nullptr, x->size() - 2));
  if (call.outputs.size() > 1 && call.outputs[0]) call.set(1, *call.outputs[0]);
}

void rules::global_pool(RuleCall& call) {
  const Shape* x = call.input(0);
  if (x == nullptr || x->size() < 2) return;
  Shape out = *x;
  std::fill(out.begin() + 2, out.end(), sized(1));
  call.set(0, std::move(out));
}

void rules::recurrent(RuleCall& call) {
  const Shape* x = call.input(0);
  const onnx::AttributeView* direction = call.node->attribute("direction");
  const bool both = direction != nullptr && direction->s == "bidirectional";
  const Dim directions = sized(both ? 2 : 1);
  Dim hidden;
  if (const std::int64_t size = call.node->integer("hidden_size", 0); size > 0)
    hidden = sized(size);
  const bool batch_first = call.node->integer("layout", 0) != 0;
  Dim steps;
  Dim batch;
  if (x != nullptr) {
    if (x->size() != 3) return;
    steps = (*x)[batch_first ? 1 : 0];
    batch = (*x)[batch_first ? 0 : 1];
  }
  if (batch_first) {
    call.set(0, {batch, steps, directions, hidden});
  } else {
    call.set(0, {steps, directions, batch, hidden});
  }
  const Shape last =
      batch_first ? Shape{batch, directions, hidden} : Shape{directions, batch, hidden};
  call.set(1, last);
  call.set(2, last);
}

}  // namespace octet::graph
