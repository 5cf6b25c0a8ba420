// Pieces picked, joined, cut, repeated, grown.
#include <algorithm>
#include <cmath>

#include "graph/shape_rules.hpp"

namespace octet::graph {
namespace {

using Integers = std::vector<std::int64_t>;

// How many elements start:end:step picks of `size`, as Slice clamps them.
std::int64_t picked(std::int64_t size, std::int64_t start, std::int64_t end, std::int64_t step) {
  const auto place = [&](std::int64_t at, std::int64_t low, std::int64_t high) {
    return std::clamp(at < 0 ? at + size : at, low, high);
  };
  if (size == 0) return 0;
  if (step > 0) {
    const std::int64_t from = place(start, 0, size);
    const std::int64_t to = place(end, 0, size);
    return to > from ? (to - from - 1) / step + 1 : 0;
  }
  const std::int64_t from = place(start, 0, size - 1);
  const std::int64_t to = place(end, -1, size - 1);
  return from > to ? (from - to - 1) / -step + 1 : 0;
}

struct Cut {
  std::size_t axis = 0;
  std::optional<std::int64_t> start;
  std::optional<std::int64_t> end;
  std::optional<std::int64_t> step;
};

// The cuts of a Slice; nullopt when it is not known which axes are cut.
std::optional<std::vector<Cut>> cuts_of(const RuleCall& call, std::size_t rank) {
  const bool by_input = call.opset >= 10;
  const auto part = [&](const char* attribute, std::size_t slot) -> std::optional<Integers> {
    return by_input ? (call.has_input(slot) ? call.integers(slot) : std::nullopt)
                    : call.list(attribute);
  };
  const auto starts = part("starts", 1);
  const auto ends = part("ends", 2);
  const bool all_axes = by_input ? !call.has_input(3) : !call.list("axes");
  const auto axes = part("axes", 3);
  const bool ones = !by_input || !call.has_input(4);
  const auto steps = ones ? std::nullopt : part("steps", 4);
  if (!all_axes && !axes) return std::nullopt;
  if (all_axes && !starts && !ends) return std::nullopt;
  const std::size_t count = axes ? axes->size() : (starts ? starts->size() : ends->size());
  std::vector<Cut> out;
  for (std::size_t i = 0; i < count; ++i) {
    const auto axis = axis_of(axes ? (*axes)[i] : static_cast<std::int64_t>(i), rank);
    if (!axis) return std::nullopt;
    Cut cut{*axis, {}, {}, {}};
    if (starts && i < starts->size()) cut.start = (*starts)[i];
    if (ends && i < ends->size()) cut.end = (*ends)[i];
    if (ones) cut.step = 1;
    if (steps && i < steps->size()) cut.step = (*steps)[i];
    out.push_back(cut);
  }
  return out;
}

bool is_sane(const Cut& cut) {
  return cut.start && cut.end && cut.step && *cut.step != 0 && *cut.step != INT64_MIN;
}

Dim cut_dim(const Dim& dim, const Cut& cut) {
  if (!is_sane(cut)) return {};
  const bool whole = *cut.start == 0 && *cut.end >= INT32_MAX && *cut.step == 1;
  if (whole) return dim;
  if (!dim.size || *dim.size < 0) return {};
  return sized(picked(*dim.size, *cut.start, *cut.end, *cut.step));
}

// A Slice of a small tensor along one axis: its elements, row by row.
std::optional<Numbers> cut_numbers(const Numbers& in, const Shape& dims, const Cut& cut) {
  if (!is_sane(cut) || product(dims).size != static_cast<std::int64_t>(in.size()) || in.empty())
    return std::nullopt;
  const std::int64_t size = *dims[cut.axis].size;
  const std::int64_t count = picked(size, *cut.start, *cut.end, *cut.step);
  const std::int64_t first = *cut.start < 0 ? *cut.start + size : *cut.start;
  const std::int64_t from = std::clamp<std::int64_t>(first, 0, *cut.step > 0 ? size : size - 1);
  const std::span<const Dim> behind = std::span(dims).subspan(cut.axis + 1);
  const std::int64_t step = *product(behind).size;
  Numbers out;
  for (std::int64_t row = 0; row < static_cast<std::int64_t>(in.size()); row += size * step) {
    for (std::int64_t i = 0; i < count; ++i) {
      const auto at = in.begin() + row + (from + i * *cut.step) * step;
      out.insert(out.end(), at, at + step);
    }
  }
  return out;
}

std::optional<Integers> pads_of(const RuleCall& call) {
  if (call.opset >= 11) return call.has_input(1) ? call.integers(1) : std::nullopt;
  return call.list(call.opset < 2 ? "paddings" : "pads");
}

// Slots of Resize and Upsample differ by version.
std::size_t scales_slot(const RuleCall& call) {
  return call.node->is("Upsample") || call.opset < 11 ? 1 : 2;
}

std::optional<std::vector<float>> scales_of(const RuleCall& call) {
  if (call.has_input(scales_slot(call))) return call.floats(scales_slot(call));
  const onnx::AttributeView* view = call.node->attribute("scales");
  return view == nullptr ? std::nullopt : std::optional(view->floats());
}

}  // namespace

void rules::gather(RuleCall& call) {
  const Shape* data = call.input(0);
  const Shape* indices = call.input(1);
  if (data == nullptr || indices == nullptr) return;
  const auto axis = axis_of(call.node->integer("axis", 0), data->size());
  if (!axis) return;
  const auto cut = data->begin() + static_cast<std::ptrdiff_t>(*axis);
  Shape out(data->begin(), cut);
  out.insert(out.end(), indices->begin(), indices->end());
  out.insert(out.end(), cut + 1, data->end());
  if (out.size() <= 1 && data->size() == 1) {
    const auto known = call.numbers(0);
    const auto which = call.integers(1);
    Numbers picked_out;
    for (std::size_t i = 0; known && which && i < which->size(); ++i) {
      if (const auto at = axis_of((*which)[i], known->size())) picked_out.push_back((*known)[*at]);
    }
    if (known && which && picked_out.size() == which->size()) call.result = std::move(picked_out);
  }
  call.set(0, std::move(out));
}

void rules::gather_elements(RuleCall& call) {
  if (const Shape* indices = call.input(1)) call.set(0, *indices);
}

void rules::concat(RuleCall& call) {
  const Shape* any = nullptr;
  for (const Shape* shape : call.inputs) any = any == nullptr ? shape : any;
  if (any == nullptr) return;
  const auto axis = axis_of(call.node->integer("axis", call.opset < 4 ? 1 : 0), any->size());
  if (!axis) return;
  Shape out(any->size());
  Dim total = sized(0);
  for (const Shape* shape : call.inputs) {
    if (shape != nullptr && shape->size() != out.size()) return;
    total = sum(total, shape == nullptr ? Dim{} : (*shape)[*axis]);
    for (std::size_t i = 0; shape != nullptr && i < out.size(); ++i)
      out[i] = unite(out[i], (*shape)[i]);
  }
  out[*axis] = std::move(total);
  if (out.size() == 1) {
    Numbers joined;
    for (std::size_t i = 0; i < call.inputs.size(); ++i) {
      const auto part = call.numbers(i);
      if (!part) break;
      joined.insert(joined.end(), part->begin(), part->end());
      if (i + 1 == call.inputs.size()) call.result = std::move(joined);
    }
  }
  call.set(0, std::move(out));
}

void rules::slice(RuleCall& call) {
  const Shape* in = call.input(0);
  if (in == nullptr) return;
  Shape out = *in;
  const auto cuts = cuts_of(call, in->size());
  if (!cuts) return call.set(0, Shape(in->size()));
  for (const Cut& cut : *cuts) out[cut.axis] = cut_dim(out[cut.axis], cut);
  if (const auto known = call.numbers(0); known && cuts->size() == 1)
    call.result = cut_numbers(*known, *in, cuts->front());
  call.set(0, std::move(out));
}

void rules::split(RuleCall& call) {
  const Shape* in = call.input(0);
  if (in == nullptr || call.outputs.empty()) return;
  const auto axis = axis_of(call.node->integer("axis", 0), in->size());
  if (!axis) return;
  const bool given = call.is_listed("split", 1);
  const auto sizes = call.list("split", 1);
  const auto parts = static_cast<std::int64_t>(call.outputs.size());
  for (std::size_t i = 0; i < call.outputs.size(); ++i) {
    Shape out = *in;
    const Dim whole = out[*axis];
    out[*axis] = {};
    if (given) {
      if (sizes && i < sizes->size() && (*sizes)[i] >= 0) out[*axis] = sized((*sizes)[i]);
    } else if (whole.size && *whole.size >= 0) {
      const std::int64_t chunk = *whole.size / parts + (*whole.size % parts != 0 ? 1 : 0);
      const std::int64_t begin = std::min(*whole.size, chunk * static_cast<std::int64_t>(i));
      out[*axis] = sized(std::min(chunk, *whole.size - begin));
    }
    call.set(i, std::move(out));
  }
}

void rules::pad(RuleCall& call) {
  const Shape* in = call.input(0);
  if (in == nullptr) return;
  Shape out(in->size());
  const auto pads = pads_of(call);
  std::optional<Integers> axes;
  if (call.has_input(3)) {
    axes = call.integers(3);
    if (!axes) return call.set(0, std::move(out));
  } else {
    axes.emplace();
    for (std::size_t i = 0; i < in->size(); ++i) axes->push_back(static_cast<std::int64_t>(i));
  }
  if (pads && pads->size() == 2 * axes->size()) {
    out = *in;
    for (std::size_t i = 0; i < axes->size(); ++i) {
      const auto axis = axis_of((*axes)[i], in->size());
      if (!axis) return;
      const Dim grown = sum(sized((*pads)[i]), sized((*pads)[axes->size() + i]));
      out[*axis] = grown.size == 0
                       ? out[*axis]
                       : (grown.size && out[*axis].size ? sum(out[*axis], grown) : Dim{});
    }
  }
  call.set(0, std::move(out));
}

void rules::tile(RuleCall& call) {
  const Shape* in = call.input(0);
  if (in == nullptr) return;
  Shape out(in->size());
  const auto repeats = call.numbers(1);
  if (repeats && repeats->size() == in->size() && call.opset >= 6) {
    for (std::size_t i = 0; i < in->size(); ++i) {
      const Dim factors[] = {(*in)[i], (*repeats)[i]};
      out[i] = product(factors);
    }
  }
  call.set(0, std::move(out));
}

void rules::expand(RuleCall& call) {
  const Shape* in = call.input(0);
  const auto target = call.numbers(1);
  if (in != nullptr && target) {
    if (auto out = broadcast(*in, *target)) call.set(0, std::move(*out));
  } else if (const Shape* length = call.input(1);
             in != nullptr && length != nullptr && length->size() == 1 && length->front().size) {
    const auto rank =
        static_cast<std::size_t>(std::clamp<std::int64_t>(*length->front().size, 0, 64));
    call.set(0, Shape(std::max(in->size(), rank)));
  }
}

void rules::resize(RuleCall& call) {
  const Shape* in = call.input(0);
  if (in == nullptr) return;
  Shape out(in->size());
  const onnx::AttributeView* policy = call.node->attribute("keep_aspect_ratio_policy");
  const bool plain =
      call.node->attribute("axes") == nullptr && (policy == nullptr || policy->s == "stretch");
  if (plain && call.has_input(3)) {
    if (const auto sizes = call.numbers(3); sizes && sizes->size() == in->size()) out = *sizes;
  } else if (const auto scales = plain ? scales_of(call) : std::nullopt;
             scales && scales->size() == in->size()) {
    for (std::size_t i = 0; i < out.size(); ++i) {
      const float scale = (*scales)[i];
      if (scale == 1) out[i] = (*in)[i];
      const bool sane = (*in)[i].size && *(*in)[i].size >= 0 && *(*in)[i].size < INT32_MAX &&
                        scale > 0 && scale < 1e6F;
      if (sane) {
        out[i] = sized(
            static_cast<std::int64_t>(std::floor(static_cast<float>(*(*in)[i].size) * scale)));
      }
    }
  }
  call.set(0, std::move(out));
}

void rules::top_k(RuleCall& call) {
  const Shape* in = call.input(0);
  const auto axis =
      in == nullptr ? std::nullopt : axis_of(call.node->integer("axis", -1), in->size());
  if (!axis) return;
  Shape out = *in;
  out[*axis] = {};
  if (call.has_input(1)) {
    if (const auto k = call.numbers(1); k && k->size() == 1) out[*axis] = k->front();
  } else if (const std::int64_t k = call.node->integer("k", -1); k >= 0) {
    out[*axis] = sized(k);
  }
  call.set(0, out);
  call.set(1, std::move(out));
}

}  // namespace octet::graph
