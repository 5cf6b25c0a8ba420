#include "forms/normalization.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace octet::forms {
namespace {

using graph::none;

constexpr std::int64_t inference_opset = 7;  // before, an attribute said whether it is training

std::optional<std::vector<float>> vector_of(const graph::Graph& graph, graph::NodeId node,
                                            std::uint32_t slot, std::size_t length) {
  const graph::Constant* constant = graph.constant_input(node, slot);
  if (constant == nullptr || !constant->tensor.is_float32()) return std::nullopt;
  if (constant->tensor.elements != length) return std::nullopt;
  const onnx::Bytes elements = graph.elements(*constant);
  std::vector<float> out(length);
  if (elements.size() != 4 * length) return std::nullopt;
  std::memcpy(out.data(), elements.data(), elements.size());
  return out;
}

}  // namespace

std::optional<Normalization> normalization(const graph::Graph& graph, graph::NodeId id,
                                           std::size_t channels) {
  const graph::Node& node = graph.node(id);
  if (!node.view.is("BatchNormalization") || graph.model().opset("") < inference_opset)
    return std::nullopt;
  const bool plain = node.view.integer("training_mode", 0) == 0 &&
                     node.view.integer("spatial", 1) != 0 && node.inputs.size() == 5;
  const auto named = std::count_if(node.outputs.begin(), node.outputs.end(),
                                   [](graph::ValueId output) { return output != none; });
  if (!plain || named != 1 || node.outputs[0] == none) return std::nullopt;
  const auto gamma = vector_of(graph, id, 1, channels);
  const auto beta = vector_of(graph, id, 2, channels);
  const auto mean = vector_of(graph, id, 3, channels);
  const auto variance = vector_of(graph, id, 4, channels);
  if (!gamma || !beta || !mean || !variance) return std::nullopt;
  const float epsilon = node.view.real("epsilon", 1e-5F);
  Normalization out;
  for (std::size_t c = 0; c < channels; ++c) {
    const float factor = (*gamma)[c] / std::sqrt((*variance)[c] + epsilon);
    const float shift = (*beta)[c] - (*mean)[c] * factor;
    if (!std::isfinite(factor) || !std::isfinite(shift)) return std::nullopt;
    out.factor.push_back(factor);
    out.shift.push_back(shift);
  }
  return out;
}

}  // namespace octet::forms
