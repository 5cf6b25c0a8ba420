// Axes turned, merged, split, added, taken away.
#include <algorithm>
#include <numeric>

#include "graph/shape_rules.hpp"

namespace octet::graph {
namespace {

// Which of `rank` axes a list names; nullopt when one lies outside.
std::optional<std::vector<bool>> named(const std::vector<std::int64_t>& axes, std::size_t rank) {
  std::vector<bool> out(rank, false);
  for (const std::int64_t axis : axes) {
    const auto at = axis_of(axis, rank);
    if (!at) return std::nullopt;
    out[*at] = true;
  }
  return out;
}

// What the one -1 of a Reshape stands for: the input's sizes without those the target names.
Dim left_over(const Shape& in, const Shape& target, std::size_t open) {
  Shape above = in;
  Shape below;
  for (std::size_t i = 0; i < target.size(); ++i) {
    if (i == open) continue;
    const auto twin = std::find_if(above.begin(), above.end(), [&](const Dim& dim) {
      return !dim.size && same(dim, target[i]);
    });
    if (twin != above.end()) {
      above.erase(twin);
    } else {
      below.push_back(target[i]);
    }
  }
  const Dim divisor = product(below);
  if (!divisor.size || *divisor.size == 0) return {};
  if (*divisor.size == 1) return product(above);
  // 2·n over 2 is n: numbers are divided, one symbol may stay.
  Shape numbers;
  Shape symbols;
  for (const Dim& dim : above) (dim.size ? numbers : symbols).push_back(dim);
  const Dim dividend = product(numbers);
  if (!dividend.size || *dividend.size % *divisor.size != 0) return {};
  symbols.push_back(sized(*dividend.size / *divisor.size));
  return product(symbols);
}

Shape reshaped(const RuleCall& call, const Numbers& target, const Shape* in) {
  const bool zero_is_zero = call.node->integer("allowzero", 0) != 0;
  Shape out = target;
  std::optional<std::size_t> open;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (out[i].size == 0 && !zero_is_zero)
      out[i] = in != nullptr && i < in->size() ? (*in)[i] : Dim{};
    else if (out[i].size && *out[i].size < 0)
      open = i;
  }
  if (open) out[*open] = in != nullptr ? left_over(*in, out, *open) : Dim{};
  return out;
}

// The elements of a small tensor, row by row, with its axes in another order.
std::optional<Numbers> turned(const Numbers& in, const Shape& dims,
                              const std::vector<std::int64_t>& perm) {
  if (product(dims).size != static_cast<std::int64_t>(in.size())) return std::nullopt;
  std::vector<std::size_t> steps(dims.size(), 1);  // of the axes of the input
  for (std::size_t a = dims.size(); a-- > 1;)
    steps[a - 1] = steps[a] * static_cast<std::size_t>(*dims[a].size);
  std::vector<std::size_t> from = {0};
  for (const std::int64_t axis : perm) {
    const auto a = static_cast<std::size_t>(axis);
    std::vector<std::size_t> longer;
    for (const std::size_t start : from) {
      for (std::int64_t i = 0; i < *dims[a].size; ++i)
        longer.push_back(start + static_cast<std::size_t>(i) * steps[a]);
    }
    from = std::move(longer);
  }
  Numbers out;
  for (const std::size_t at : from) out.push_back(in[at]);
  return out;
}

void blocks(RuleCall& call, bool to_space) {
  const Shape* x = call.input(0);
  const std::int64_t block = call.node->integer("blocksize", 0);
  if (x == nullptr || x->size() != 4 || block < 1 || block > 4096) return;
  const auto scaled = [&](const Dim& dim, bool up, std::int64_t by) -> Dim {
    if (!dim.size || *dim.size < 0 || *dim.size > INT32_MAX) return {};
    return up ? sized(*dim.size * by) : (*dim.size % by == 0 ? sized(*dim.size / by) : Dim{});
  };
  call.set(0, {(*x)[0], scaled((*x)[1], !to_space, block * block), scaled((*x)[2], to_space, block),
               scaled((*x)[3], to_space, block)});
}

}  // namespace

void rules::transpose(RuleCall& call) {
  const Shape* in = call.input(0);
  if (in == nullptr) return;
  std::vector<std::int64_t> perm(in->size());
  std::iota(perm.rbegin(), perm.rend(), 0);
  if (const auto given = call.list("perm")) perm = *given;
  const auto axes = named(perm, in->size());
  const bool whole = perm.size() == in->size() && axes &&
                     std::all_of(axes->begin(), axes->end(), [](bool b) { return b; });
  if (!whole) return;
  Shape out;
  for (std::int64_t& axis : perm) {
    axis = static_cast<std::int64_t>(*axis_of(axis, in->size()));
    out.push_back((*in)[static_cast<std::size_t>(axis)]);
  }
  if (const auto known = call.numbers(0)) call.result = turned(*known, *in, perm);
  call.set(0, std::move(out));
}

void rules::reshape(RuleCall& call) {
  std::optional<Numbers> target;
  if (call.has_input(1)) {
    target = call.numbers(1);
  } else if (const auto list = call.list("shape")) {
    target = sized(*list);
  }
  if (target) {
    call.set(0, reshaped(call, *target, call.input(0)));
  } else if (const Shape* length = call.input(1); length != nullptr && length->size() == 1) {
    const auto rank = length->front().size;
    if (rank && *rank >= 0 && *rank <= 64) call.set(0, Shape(static_cast<std::size_t>(*rank)));
  }
  call.result = call.numbers(0);
}

void rules::flatten(RuleCall& call) {
  const Shape* in = call.input(0);
  if (in == nullptr) return call.set(0, Shape(2));
  std::int64_t axis = call.node->integer("axis", 1);
  if (axis < 0) axis += static_cast<std::int64_t>(in->size());
  if (axis < 0 || axis > static_cast<std::int64_t>(in->size())) return;
  const std::span<const Dim> dims(*in);
  const auto at = static_cast<std::size_t>(axis);
  call.set(0, {product(dims.first(at)), product(dims.subspan(at))});
}

void rules::squeeze(RuleCall& call) {
  const Shape* in = call.input(0);
  call.result = call.numbers(0);
  if (in == nullptr) return;
  std::vector<bool> gone(in->size(), false);
  if (call.is_listed("axes", 1)) {
    const auto axes = call.list("axes", 1);
    const auto which = axes ? named(*axes, in->size()) : std::nullopt;
    if (!which) return;
    gone = *which;
  } else {
    for (std::size_t i = 0; i < in->size(); ++i) {
      if (!(*in)[i].size) return;  // it may be 1
      gone[i] = (*in)[i].size == 1;
    }
  }
  Shape out;
  for (std::size_t i = 0; i < in->size(); ++i) {
    if (!gone[i]) out.push_back((*in)[i]);
  }
  call.set(0, std::move(out));
}

void rules::unsqueeze(RuleCall& call) {
  const Shape* in = call.input(0);
  const auto axes = call.list("axes", 1);
  if (in == nullptr || !axes || axes->size() > 64) return;
  const auto is_new = named(*axes, in->size() + axes->size());
  if (!is_new ||
      std::count(is_new->begin(), is_new->end(), true) != static_cast<std::ptrdiff_t>(axes->size()))
    return;
  Shape out;
  std::size_t next = 0;
  for (const bool fresh : *is_new) out.push_back(fresh ? sized(1) : (*in)[next++]);
  if (out.size() <= 1) call.result = call.numbers(0);
  call.set(0, std::move(out));
}

void rules::reduce(RuleCall& call) {
  const Shape* in = call.input(0);
  if (in == nullptr) return;
  const bool keep = call.node->integer("keepdims", 1) != 0;
  std::vector<bool> reduced(in->size(), true);
  bool certain = true;
  const auto axes = call.list("axes", 1);
  if (axes && !axes->empty()) {
    const auto which = named(*axes, in->size());
    if (!which) return;
    reduced = *which;
  } else if (axes || !call.is_listed("axes", 1)) {
    if (call.node->integer("noop_with_empty_axes", 0) != 0) return call.set(0, *in);
  } else {
    certain = false;  // computed axes
  }
  if (!certain) {
    if (keep) call.set(0, Shape(in->size()));
    return;
  }
  Shape out;
  for (std::size_t i = 0; i < in->size(); ++i) {
    if (!reduced[i]) out.push_back((*in)[i]);
    if (reduced[i] && keep) out.push_back(sized(1));
  }
  call.set(0, std::move(out));
}

void rules::arg_reduce(RuleCall& call) {
  const Shape* in = call.input(0);
  const auto axis =
      in == nullptr ? std::nullopt : axis_of(call.node->integer("axis", 0), in->size());
  if (!axis) return;
  Shape out = *in;
  if (call.node->integer("keepdims", 1) != 0) {
    out[*axis] = sized(1);
  } else {
    out.erase(out.begin() + static_cast<std::ptrdiff_t>(*axis));
  }
  call.set(0, std::move(out));
}

void rules::depth_to_space(RuleCall& call) {
  blocks(call, true);
}
void rules::space_to_depth(RuleCall& call) {
  blocks(call, false);
}

}  // namespace octet::graph
