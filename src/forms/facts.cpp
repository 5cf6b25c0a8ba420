#include "forms/facts.hpp"

#include <algorithm>

#include "quant/finite.hpp"
#include "quant/float16.hpp"

namespace octet::forms {

Facts measure(const graph::Graph& graph, const graph::Constant& constant) {
  constexpr std::size_t released = std::size_t{4} << 20U;
  constexpr std::size_t cached = std::size_t{64} << 10U;  // two questions, one trip to memory
  const onnx::Bytes elements = graph.elements(constant);
  Facts out;
  for (std::size_t at = 0; at < elements.size(); at += released) {
    const onnx::Bytes piece = elements.subspan(at, std::min(released, elements.size() - at));
    for (std::size_t i = 0; i < piece.size(); i += cached) {
      const onnx::Bytes part = piece.subspan(i, std::min(cached, piece.size() - i));
      const std::span<const float> values(reinterpret_cast<const float*>(part.data()),
                                          part.size() / 4);
      out.finite = out.finite && quant::all_finite(values);
      out.max_abs = std::max(out.max_abs, quant::max_abs(values));
    }
    graph.release(piece);
  }
  return out;
}

}  // namespace octet::forms
