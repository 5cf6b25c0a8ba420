// What is known of a shape: sizes, names of sizes, or only that there is an axis.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace octet::graph {

// One axis. A size that is known has no symbol; neither: nothing is known. A symbol may be a sum
// ("past + length"): exporters write such, and concatenation makes them.
struct Dim {
  std::optional<std::int64_t> size = {};
  std::string symbol = {};

  [[nodiscard]] bool is_known() const { return size.has_value() || !symbol.empty(); }
};
using Shape = std::vector<Dim>;

[[nodiscard]] inline Dim sized(std::int64_t size) {
  return {size, {}};
}
[[nodiscard]] Shape sized(std::span<const std::int64_t> dims);

// Certainly the same size: equal numbers or equal symbols. Two unknown axes are not.
[[nodiscard]] bool same(const Dim& a, const Dim& b);
// They cannot be the same size: two different numbers.
[[nodiscard]] bool contradict(const Dim& a, const Dim& b);
// Two that must be equal: what is known of either, the number first. Nothing when they contradict.
[[nodiscard]] Dim unite(const Dim& a, const Dim& b);
// One of the two, nobody knows which: what they have in common; nullopt when not even the rank.
[[nodiscard]] std::optional<Shape> either(const Shape& a, const Shape& b);

// As numpy broadcasts; nullopt when two sizes do not go together.
[[nodiscard]] std::optional<Dim> broadcast(const Dim& a, const Dim& b);
[[nodiscard]] std::optional<Shape> broadcast(const Shape& a, const Shape& b);

// Known where it is a number, or one symbol and otherwise ones. Never overflows: then unknown.
[[nodiscard]] Dim product(std::span<const Dim> dims);
[[nodiscard]] Dim sum(const Dim& a, const Dim& b);

// [2, n, ?]
[[nodiscard]] std::string to_text(const Shape& shape);

}  // namespace octet::graph
