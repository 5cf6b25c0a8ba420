#include "graph/small_values.hpp"

#include <cstring>

#include "onnx/tensor_elements.hpp"

namespace octet::graph {
namespace {

using base::ElementType;

bool is_fixed(const Graph& graph, const Constant& constant) {
  const bool may_be_overridden = constant.is_graph_input && graph.model().ir_version >= 4;
  return !may_be_overridden && !constant.tensor.external &&
         constant.tensor.elements <= most_small_values;
}

template <typename Stored>
std::vector<std::int64_t> widened(onnx::Bytes raw) {
  std::vector<std::int64_t> out(raw.size() / sizeof(Stored));
  for (std::size_t i = 0; i < out.size(); ++i) {
    Stored value = 0;
    std::memcpy(&value, raw.data() + i * sizeof(Stored), sizeof(Stored));
    out[i] = value;
  }
  return out;
}

}  // namespace

std::optional<std::vector<std::int64_t>> small_integers(const Graph& graph,
                                                        const Constant& constant) {
  const onnx::TensorView& tensor = constant.tensor;
  const bool wide = tensor.type == ElementType::int64;
  if (!is_fixed(graph, constant) || (!wide && tensor.type != ElementType::int32))
    return std::nullopt;
  const std::vector<std::byte> raw =
      onnx::inline_elements(tensor, {graph.label(), graph.bytes().data()});
  const std::vector<std::int64_t> out =
      wide ? widened<std::int64_t>(raw) : widened<std::int32_t>(raw);
  if (out.size() != tensor.elements) return std::nullopt;
  return out;
}

std::optional<std::vector<float>> small_floats(const Graph& graph, const Constant& constant) {
  if (!is_fixed(graph, constant) || constant.tensor.type != ElementType::float32)
    return std::nullopt;
  const onnx::Bytes raw = graph.elements(constant);
  std::vector<float> out(raw.size() / 4);
  if (out.size() != constant.tensor.elements) return std::nullopt;
  if (!out.empty()) std::memcpy(out.data(), raw.data(), raw.size());
  return out;
}

}  // namespace octet::graph
