#include "forms/facts.hpp"

#include <algorithm>
#include <bit>
#include <limits>

#include "kernels/kernels.hpp"

namespace octet::forms {

Facts measure(const graph::Graph& graph, const graph::Constant& constant) {
  constexpr std::size_t released = std::size_t{4} << 20U;
  const onnx::Bytes elements = graph.elements(constant);
  std::uint32_t largest = 0;
  for (std::size_t at = 0; at < elements.size(); at += released) {
    const onnx::Bytes piece = elements.subspan(at, std::min(released, elements.size() - at));
    const auto* const values = reinterpret_cast<const float*>(piece.data());
    largest = std::max(largest, kernels::largest_bits({values, piece.size() / sizeof(float)}));
    graph.release(piece);
  }
  if (largest >= kernels::infinity_bits) return {false, std::numeric_limits<float>::infinity()};
  return {true, std::bit_cast<float>(largest)};
}

}  // namespace octet::forms
