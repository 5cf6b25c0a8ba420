#include "forms/facts.hpp"

#include <algorithm>
#include <cmath>

#include "quant/magnitude.hpp"

namespace octet::forms {

Facts measure(const graph::Graph& graph, const graph::Constant& constant) {
  constexpr std::size_t released = std::size_t{4} << 20U;
  const onnx::Bytes elements = graph.elements(constant);
  Facts out;
  for (std::size_t at = 0; at < elements.size(); at += released) {
    const onnx::Bytes piece = elements.subspan(at, std::min(released, elements.size() - at));
    const auto* const values = reinterpret_cast<const float*>(piece.data());
    out.max_abs = std::max(out.max_abs, quant::magnitude({values, piece.size() / sizeof(float)}));
    graph.release(piece);
  }
  out.finite = std::isfinite(out.max_abs);
  return out;
}

}  // namespace octet::forms
