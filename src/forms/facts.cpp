#include "forms/facts.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "forms/weight_floats.hpp"
#include "quant/magnitude.hpp"

namespace octet::forms {

Facts measure(const graph::Graph& graph, const graph::Constant& constant) {
  constexpr std::size_t released = std::size_t{4} << 20U;
  const onnx::Bytes elements = graph.elements(constant);
  const base::ElementType type = constant.tensor.type;
  const std::size_t size = base::element_size(type);
  std::vector<float> converted;
  Facts out;
  for (std::size_t at = 0; at < elements.size(); at += released) {
    const onnx::Bytes piece = elements.subspan(at, std::min(released, elements.size() - at));
    const auto* values = reinterpret_cast<const float*>(piece.data());
    if (type != base::ElementType::float32) {
      converted.resize(piece.size() / size);
      to_floats(type, piece.data(), converted.size(), converted.data());
      values = converted.data();
    }
    out.max_abs = std::max(out.max_abs, quant::magnitude({values, piece.size() / size}));
    graph.release(piece);
  }
  out.finite = std::isfinite(out.max_abs);
  return out;
}

}  // namespace octet::forms
