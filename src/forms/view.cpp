#include "forms/view.hpp"

#include <algorithm>
#include <numeric>

namespace octet::forms {
namespace {

std::int64_t product(const std::vector<std::int64_t>& dims) {
  return std::accumulate(dims.begin(), dims.end(), std::int64_t{1}, std::multiplies<>());
}

// Axes longer than one, which are all that strides speak of.
View without_ones(const View& view) {
  View out;
  for (std::size_t a = 0; a < view.dims.size(); ++a) {
    if (view.dims[a] == 1) continue;
    out.dims.push_back(view.dims[a]);
    out.strides.push_back(view.strides[a]);
  }
  return out;
}

}  // namespace

View View::of(std::vector<std::int64_t> dims) {
  View out;
  out.strides.resize(dims.size());
  std::int64_t stride = 1;
  for (std::size_t a = dims.size(); a-- > 0;) {
    out.strides[a] = dims[a] == 1 ? 0 : stride;
    stride *= dims[a];
  }
  out.dims = std::move(dims);
  return out;
}

std::optional<View> transposed(const View& view, const std::vector<std::int64_t>& perm) {
  if (perm.size() != view.dims.size()) return std::nullopt;
  std::vector<bool> seen(perm.size(), false);
  View out;
  for (const std::int64_t axis : perm) {
    if (axis < 0 || axis >= static_cast<std::int64_t>(perm.size())) return std::nullopt;
    const auto a = static_cast<std::size_t>(axis);
    if (seen[a]) return std::nullopt;
    seen[a] = true;
    out.dims.push_back(view.dims[a]);
    out.strides.push_back(view.strides[a]);
  }
  return out;
}

// Walks both shapes from the front and matches groups of axes of equal size. Inside a group the old
// axes must advance like one, and the new ones split that one up.
std::optional<View> reshaped(const View& view, std::vector<std::int64_t> dims) {
  const bool positive = std::all_of(dims.begin(), dims.end(), [](auto d) { return d > 0; });
  if (!positive || product(dims) != product(view.dims)) return std::nullopt;
  const View old = without_ones(view);
  View out;
  out.strides.assign(dims.size(), 0);
  std::size_t old_begin = 0;
  for (std::size_t begin = 0; begin < dims.size();) {
    std::size_t end = begin;
    std::size_t old_end = old_begin;
    std::int64_t size = dims[end++];
    std::int64_t old_size = 1;
    while (size != old_size) {
      if (size < old_size) {
        size *= dims[end++];
      } else {
        old_size *= old.dims[old_end++];
      }
    }
    const auto run = run_of(old, {old_begin, old_end});
    if (!run) return std::nullopt;
    std::int64_t stride = run->stride;
    for (std::size_t a = end; a-- > begin;) {
      out.strides[a] = dims[a] == 1 ? 0 : stride;
      stride *= dims[a];
    }
    begin = end;
    old_begin = old_end;
  }
  out.dims = std::move(dims);
  return out;
}

View turned(const View& view) {
  return {{view.dims[1], view.dims[0]}, {view.strides[1], view.strides[0]}};
}

std::optional<Run> run_of(const View& view, quant::Axes axes) {
  Run out;
  for (std::size_t a = axes.last; a-- > axes.first;) {
    if (view.dims[a] == 1) continue;
    if (out.count == 1) {
      out.stride = view.strides[a];
    } else if (view.strides[a] != out.stride * out.count) {
      return std::nullopt;
    }
    out.count *= view.dims[a];
  }
  return out;
}

std::optional<quant::Axes> same_channels(const View& from, quant::Axes axes, const View& to) {
  if (from == to) return axes;
  const auto wanted = run_of(from, axes);
  if (!wanted || wanted->count == 1) return std::nullopt;
  for (std::size_t first = 0; first < to.dims.size(); ++first) {
    for (std::size_t last = first + 1; last <= to.dims.size(); ++last) {
      const auto run = run_of(to, {first, last});
      if (run && run->count == wanted->count && run->stride == wanted->stride)
        return quant::Axes{first, last};
    }
  }
  return std::nullopt;
}

Inverse inverse(const View& view) {
  std::vector<std::int64_t> order;  // axes longer than one, those that advance most first
  std::vector<std::int64_t> ones;   // stand anywhere: a Reshape moves them
  for (std::size_t a = 0; a < view.dims.size(); ++a)
    (view.dims[a] == 1 ? ones : order).push_back(static_cast<std::int64_t>(a));
  std::stable_sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) {
    return view.strides[static_cast<std::size_t>(a)] > view.strides[static_cast<std::size_t>(b)];
  });
  if (std::is_sorted(order.begin(), order.end())) return {{}, view.dims};
  order.insert(order.end(), ones.begin(), ones.end());
  Inverse out;
  for (const std::int64_t a : order) out.dims.push_back(view.dims[static_cast<std::size_t>(a)]);
  out.perm = std::move(order);
  return out;
}

}  // namespace octet::forms
