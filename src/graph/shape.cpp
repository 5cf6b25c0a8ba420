#include "graph/shape.hpp"

#include <fmt/format.h>

#include "base/checked.hpp"

namespace octet::graph {
namespace {

// Sums of sums of symbols must not grow along a chain of Concats.
constexpr std::size_t longest_symbol = 100;

bool is_one(const Dim& dim) {
  return dim.size == 1;
}

std::optional<std::int64_t> checked(std::optional<std::uint64_t> value) {
  if (!value || *value > static_cast<std::uint64_t>(INT64_MAX)) return std::nullopt;
  return static_cast<std::int64_t>(*value);
}

}  // namespace

Shape sized(std::span<const std::int64_t> dims) {
  Shape out;
  out.reserve(dims.size());
  for (const std::int64_t d : dims) out.push_back(sized(d));
  return out;
}

bool same(const Dim& a, const Dim& b) {
  if (a.size || b.size) return a.size == b.size;
  return !a.symbol.empty() && a.symbol == b.symbol;
}

bool contradict(const Dim& a, const Dim& b) {
  return a.size && b.size && *a.size != *b.size;
}

Dim unite(const Dim& a, const Dim& b) {
  if (contradict(a, b)) return {};
  if (a.size) return a;
  if (b.size) return b;
  return a.symbol.empty() ? b : a;
}

std::optional<Shape> either(const Shape& a, const Shape& b) {
  if (a.size() != b.size()) return std::nullopt;
  Shape out(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (same(a[i], b[i])) out[i] = a[i];
  }
  return out;
}

std::optional<Dim> broadcast(const Dim& a, const Dim& b) {
  if (is_one(a)) return b;
  if (is_one(b)) return a;
  if (contradict(a, b)) return std::nullopt;
  if (a.size) return a;  // the other is this, or 1
  if (b.size) return b;
  return same(a, b) ? a : Dim{};
}

std::optional<Shape> broadcast(const Shape& a, const Shape& b) {
  const Shape& longer = a.size() < b.size() ? b : a;
  const Shape& shorter = a.size() < b.size() ? a : b;
  Shape out = longer;
  const std::size_t lead = longer.size() - shorter.size();
  for (std::size_t i = 0; i < shorter.size(); ++i) {
    auto dim = broadcast(longer[lead + i], shorter[i]);
    if (!dim) return std::nullopt;
    out[lead + i] = std::move(*dim);
  }
  return out;
}

Dim product(std::span<const Dim> dims) {
  std::int64_t numbers = 1;
  const Dim* symbol = nullptr;
  for (const Dim& dim : dims) {
    if (!dim.is_known() || (dim.size && *dim.size < 0)) return {};
    if (!dim.size && symbol != nullptr) return {};
    if (!dim.size) {
      symbol = &dim;
      continue;
    }
    const auto next = checked(base::checked_mul(static_cast<std::uint64_t>(numbers),
                                                static_cast<std::uint64_t>(*dim.size)));
    if (!next) return {};
    numbers = *next;
  }
  if (symbol == nullptr || numbers == 0) return sized(numbers);
  return numbers == 1 ? *symbol : Dim{};
}

Dim sum(const Dim& a, const Dim& b) {
  if (!a.is_known() || !b.is_known()) return {};
  if (a.size && b.size) {
    std::int64_t out = 0;
    if (__builtin_add_overflow(*a.size, *b.size, &out)) return {};
    return sized(out);
  }
  if (a.size == 0) return b;
  if (b.size == 0) return a;
  const auto text = [](const Dim& dim) {
    return dim.size ? std::to_string(*dim.size) : dim.symbol;
  };
  Dim out;
  out.symbol = fmt::format("{} + {}", text(a), text(b));
  return out.symbol.size() <= longest_symbol ? out : Dim{};
}

std::string to_text(const Shape& shape) {
  std::string out = "[";
  for (const Dim& dim : shape) {
    if (out.size() > 1) out += ", ";
    out += dim.size ? std::to_string(*dim.size) : (dim.symbol.empty() ? "?" : dim.symbol);
  }
  return out + "]";
}

}  // namespace octet::graph
