#include "graph/subnormals.hpp"

#include <algorithm>
#include <cstring>

namespace octet::graph {
namespace {

constexpr std::uint32_t sign = 0x80000000U;
constexpr std::uint32_t smallest_normal = 0x00800000U;
constexpr std::size_t released = std::size_t{4} << 20U;

bool is_subnormal(std::uint32_t bits) {
  return (bits & ~sign) - 1 < smallest_normal - 1;
}

}  // namespace

std::uint64_t count_subnormals(const Graph& graph, const Constant& constant) {
  if (!constant.tensor.is_float32()) return 0;
  const onnx::Bytes elements = graph.elements(constant);
  std::uint64_t out = 0;
  for (std::size_t at = 0; at < elements.size(); at += released) {
    const onnx::Bytes piece = elements.subspan(at, std::min(released, elements.size() - at));
    for (std::size_t i = 0; i + sizeof(std::uint32_t) <= piece.size(); i += sizeof(std::uint32_t)) {
      std::uint32_t bits = 0;
      std::memcpy(&bits, piece.data() + i, sizeof bits);
      out += is_subnormal(bits) ? 1 : 0;
    }
    graph.release(piece);
  }
  return out;
}

std::uint64_t count_subnormals(const Graph& graph) {
  std::uint64_t out = 0;
  for (const Constant& constant : graph.constants()) out += count_subnormals(graph, constant);
  return out;
}

void copy_flushed(onnx::Bytes from, std::span<std::byte> to) {
  for (std::size_t i = 0; i + sizeof(std::uint32_t) <= from.size(); i += sizeof(std::uint32_t)) {
    std::uint32_t bits = 0;
    std::memcpy(&bits, from.data() + i, sizeof bits);
    if (is_subnormal(bits)) bits &= sign;
    std::memcpy(to.data() + i, &bits, sizeof bits);
  }
}

}  // namespace octet::graph
