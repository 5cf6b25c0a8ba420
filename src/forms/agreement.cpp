// One storage for a weight that several nodes read.
#include <algorithm>

#include "forms/weight_store.hpp"

namespace octet::forms {
namespace {

// The order in which `need` reads is that of `view`, or its two axes the other way round.
bool reads_in_order(const View& view, const Need& need) {
  if (need.view == view) return true;
  return !need.in_place && view.dims.size() == 2 && need.view.dims.size() == 2 &&
         turned(view) == need.view;
}

bool same_numbers(const StoredAs& stored, const Need& need) {
  const auto axes = same_channels(need.view, need.axes, stored.view);
  return need.encoding.kind == stored.encoding.kind &&
         need.encoding.granularity == stored.encoding.granularity &&
         need.encoding.range <= stored.encoding.range && need.multiplier == stored.multiplier &&
         (stored.encoding.granularity == quant::Granularity::per_tensor || axes == stored.axes);
}

}  // namespace

bool serves(const StoredAs& stored, const Need& need) {
  if (need.any) return stored.multiplier == 1;
  return same_numbers(stored, need) && need.as_matrix == stored.as_matrix &&
         reads_in_order(stored.view, need);
}

std::optional<StoredAs> agree(const std::vector<Need>& needs) {
  const auto leads = [&](const Need& need, bool any) {
    return need.any == any && (needs.size() == 1 || need.multiplier == 1);
  };
  auto first = std::find_if(needs.begin(), needs.end(), [&](auto& n) { return leads(n, false); });
  if (first == needs.end())
    first = std::find_if(needs.begin(), needs.end(), [&](auto& n) { return leads(n, true); });
  if (first == needs.end()) return std::nullopt;
  StoredAs out{first->encoding, first->view, first->axes, first->multiplier, first->as_matrix};
  for (const Need& need : needs) {
    if (need.any) continue;
    StoredAs widened = out;
    widened.encoding.range = std::max(out.encoding.range, need.encoding.range);
    if (!same_numbers(widened, need)) continue;
    out.encoding.range = widened.encoding.range;
    // Rows are gathered where they lie; a MatMul of the same numbers turns them once, at load.
    const auto axes = same_channels(out.view, out.axes, need.view);
    if (need.in_place && axes && !out.as_matrix) {
      out.view = need.view;
      out.axes = *axes;
    }
  }
  return out;
}

}  // namespace octet::forms
